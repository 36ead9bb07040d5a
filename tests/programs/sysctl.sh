#!/usr/bin/env bash
# Writes src/facts/sysctl.rs from the settings of the running kernel, and from those that older or larger ones have.
set -euo pipefail
cd "$(dirname "$0")/../.."

others="
fs.xfs.error_level fs.xfs.speculative_prealloc_lifetime fs.xfs.xfssyncd_centisecs
kernel.kexec_load_disabled kernel.modules_disabled kernel.sched_child_runs_first kernel.sched_latency_ns
kernel.sched_migration_cost_ns kernel.sched_min_granularity_ns kernel.sched_nr_migrate kernel.sched_schedstats
kernel.sched_tunable_scaling kernel.sched_wakeup_granularity_ns kernel.sysrq kernel.unprivileged_userns_clone
kernel.yama.ptrace_scope kernel.exec-shield kernel.softlockup_thresh kernel.hardlockup_panic
net.ipv4.tcp_fack net.ipv4.tcp_low_latency net.ipv4.tcp_tw_recycle net.ipv4.tcp_max_orphans
sunrpc.tcp_slot_table_entries sunrpc.udp_slot_table_entries
vm.block_dump vm.hugepages_treat_as_movable vm.memory_failure_early_kill vm.memory_failure_recovery
vm.nr_pdflush_threads vm.percpu_pagelist_fraction
"
{
  cat <<'RUST'
//! The names of kernel settings.
//!
//! Written by `tests/programs/sysctl.sh`. A network interface is called `default` here.

/// Sorted.
#[rustfmt::skip]
pub static NAMES: &[&str] = &[
RUST
  {
    find /proc/sys -type f -printf '%P\n' \
      | grep -Ev '^net/ipv[46]/(conf|neigh)/(lo|eth|ens|enp|veth|docker|br|tun|tap|sit|bond)' \
      | grep -Ev '^(kernel/(sched_domain|init_private)|dev/|abi/|debug/|user/|fs/binfmt_misc/|net/mptcp/|net/ipv4/vs/)' \
      | tr / .
    tr -s ' \n' '\n' <<<"$others" | grep .
  } | LC_ALL=C sort -u | sed 's/.*/    "&",/'
  echo '];'
} >src/facts/sysctl.rs
grep -c '^    "' src/facts/sysctl.rs
