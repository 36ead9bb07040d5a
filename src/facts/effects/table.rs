//! Every variable of TPA that is neither settled nor one that Postgres is restarted for.

use super::Effect::{Loss, Manual, Nothing, Refused, Reload, Replace, Restart, Service, Update};
use super::Part::{
    Barman, BeaconAgent, Efm, Etcd, Haproxy, Openvpn, Patroni, Pem, Pgbouncer, Postgres, Provision,
    Repmgr, System, Tpa,
};
use super::{Row, row};

#[rustfmt::skip]
pub(super) static VARIABLES: &[Row] = &[
    // ---- Postgres ----
    row(Reload, Postgres, "Postgres reads it without a restart", &[
        "archive_command", "archive_timeout", "array_nulls", "autovacuum_analyze_scale_factor", "autovacuum_analyze_threshold",
        "autovacuum_naptime", "autovacuum_vacuum_cost_delay", "autovacuum_vacuum_cost_limit", "autovacuum_vacuum_scale_factor",
        "autovacuum_vacuum_threshold", "autovacuum_work_mem", "backslash_quote", "bgwriter_delay", "bgwriter_lru_maxpages",
        "bgwriter_lru_multiplier", "checkpoint_completion_target", "checkpoint_timeout", "checkpoint_warning", "commit_delay",
        "commit_siblings", "constraint_exclusion", "cpu_index_tuple_cost", "cpu_operator_cost", "cpu_tuple_cost",
        "default_statistics_target", "default_with_oids", "effective_cache_size", "effective_cache_size_mb", "effective_cache_size_ratio",
        "effective_io_concurrency", "escape_string_warning", "full_page_writes", "hot_standby_feedback", "lo_compat_privileges",
        "log_autovacuum_min_duration", "log_connections", "log_disconnections", "log_line_prefix", "log_min_duration_statement",
        "log_min_messages", "log_statement", "log_temp_files", "maintenance_work_mem", "max_standby_streaming_delay", "max_wal_size",
        "min_wal_size", "operator_precedence_warning", "quote_all_identifiers", "random_page_cost", "restore_command", "seq_page_cost",
        "ssl_cert_file", "ssl_key_file", "standard_conforming_strings", "synchronize_seqscans", "synchronous_commit",
        "synchronous_standby_names", "syslog_facility", "syslog_ident", "tcp_keepalives_count", "tcp_keepalives_idle",
        "tcp_keepalives_interval", "temp_buffers", "transform_null_equals", "vacuum_cost_delay", "vacuum_cost_limit", "wal_compression",
        "wal_receiver_timeout", "wal_sender_timeout", "work_mem",
    ]),
    row(Restart, Postgres, "TPA computes `shared_buffers` from it, and restarts Postgres", &["shared_buffers_mb", "shared_buffers_ratio"]),
    row(Restart, Postgres, "TPA computes `wal_keep_size` from it, in the file for which it restarts Postgres; the segments of the WAL stay as large as `initdb` made them", &["wal_segment_size"]),
    row(Restart, Postgres, "TPA restarts Postgres for every change of it", &["postgres_conf_settings"]),
    row(Restart, Postgres, "with anything but `syslog` the logging collector starts, and with it Postgres restarts", &["log_destination", "postgres_log_file", "postgres_log_file_mode"]),
    row(Restart, Postgres, "Postgres starts with it, so TPA restarts it", &["postgres_conf_template", "postmaster_oom_score_adj", "postgres_oom_score_adj"]),
    row(Restart, Postgres, "an extension that has to be preloaded restarts Postgres; one that leaves the list stays in its databases", &["extra_postgres_extensions", "postgres_extensions"]),
    row(Reload, Postgres, "Postgres reads `pg_hba.conf` again: new connections are judged by it, those that are there stay", &[
        "hba_cert_authentication_map", "hba_force_certificate_auth", "hba_force_hostssl", "postgres_hba_local_auth_method",
        "postgres_hba_settings", "postgres_hba_template", "postgres_ident_template",
    ]),
    row(Reload, Postgres, "passwords that are stored keep their hash; the lines that TPA generates in `pg_hba.conf` ask for the new method", &["password_encryption"]),
    row(Update, Postgres, "TPA makes what is missing, and removes nothing that left the list", &[
        "pemagent_extensions", "pgpass_users", "postgres_databases", "postgres_tablespaces", "postgres_users", "publications", "subscriptions",
    ]),
    row(Update, Postgres, "written to files that only shells, logs and new connections of TPA read", &[
        "extra_bash_rc_lines", "extra_bashrc_lines", "logrotate_maxage", "logrotate_maxsize", "logrotate_rotate",
        "postgres_client_dsn_attributes", "postgres_host", "postgres_log_directory_mode", "ssl_cert_min_valid_period", "ssl_client_cert_dir",
    ]),
    row(Reload, Postgres, "`primary_conninfo` changes: Postgres 13 and later connects again without a restart", &["primary_slot_name", "replica_client_dsn_attributes"]),
    row(Nothing, Postgres, "for new certificates: those that are there stay", &["openssl_certificate_validity", "postgres_rsa_key_size", "ssl_cert_expiry", "ssl_server_cert_expiry"]),
    row(Service, Postgres, "certificates are made again, and what uses them takes them up", &["tpa_tls_renew_tls_certificates"]),
    row(Manual, Postgres, "TPA makes the new user; standbys stream as the old one until they are moved", &["replication_user"]),
    row(Manual, Postgres, "TPA looks there from now on, and moves nothing that is in the old place", &[
        "include_dir", "postgres_bin_dir", "postgres_conf_dir", "postgres_group", "postgres_home", "postgres_install_dir", "postgres_lib_dir",
    ]),
    row(Nothing, Postgres, "a check of TPA, which is made or left out", &["skip_wal_senders_validation"]),
    // ---- what is installed ----
    row(Manual, Postgres, "`tpaexec deploy` is not for upgrades: `tpaexec upgrade` moves to another minor version, one machine after another", &["postgres_package_version"]),
    row(Manual, Repmgr, "`tpaexec upgrade --components=repmgr` moves to another version", &["repmgr_package_version"]),
    row(Manual, Patroni, "`tpaexec upgrade --components=patroni` moves to another version, with that of etcd", &["patroni_package_version"]),
    row(Manual, Etcd, "`tpaexec upgrade --components=patroni` moves to another version, one member at a time", &["etcd_package_version"]),
    row(Manual, Barman, "`tpaexec upgrade --components=barman` moves to another version", &["barman_package_version"]),
    row(Manual, Barman, "`tpaexec upgrade --components=pg-backup-api` moves to another version", &["pg_backup_api_package_version"]),
    row(Manual, Pgbouncer, "`tpaexec upgrade --components=pgbouncer` moves to another version", &["pgbouncer_package_version"]),
    row(Manual, Pem, "`tpaexec upgrade --components=pem-server,pem-agent` moves to another version", &["pem_agent_package_version", "pem_server_package_version"]),
    row(Manual, Efm, "`tpaexec upgrade --components=efm` moves all its nodes to another version", &["efm_version"]),
    row(Service, Haproxy, "the package changes with the next deployment, and HAProxy restarts", &["haproxy_package_version"]),
    row(Service, BeaconAgent, "the package changes with the next deployment, and the agent restarts", &["beacon_agent_package_version"]),
    row(Restart, Postgres, "the package of the extension changes; sessions use it after a restart", &["pglogical_package_version"]),
    row(Manual, Postgres, "the package of the new version is installed; `ALTER EXTENSION postgis UPDATE` in every database is yours", &["postgis_version"]),
    row(Update, System, "packages that are missing are installed; none that left the list is removed", &["extra_postgres_packages", "optional_packages", "packages"]),
    row(Update, System, "packages of the list are removed, with what depends on them", &["unwanted_packages"]),
    row(Update, System, "the next deployment may install other versions from there; a repository that left the list stays", &[
        "apt_repositories", "apt_repository_list", "edb_repositories", "edb_testing_repo", "suse_repositories", "suse_repository_list",
        "tpa_2q_repositories", "use_local_repo_only", "use_volatile_subscriptions", "yum_repositories", "yum_repository_list",
    ]),
    row(Manual, Postgres, "what is built runs on until Postgres restarts; another way of installation leaves the old programs there", &[
        "install_from_source", "postgres_build_dir", "postgres_build_targets", "postgres_configure_env", "postgres_configure_opts",
        "postgres_extra_configure_env", "postgres_extra_configure_opts", "postgres_git_ref", "postgres_git_reference_repo", "postgres_git_url",
        "postgres_install_targets", "postgres_installation_method", "postgres_make_command", "postgres_src_dir",
    ]),
    row(Manual, Repmgr, "what is built runs on until repmgrd restarts", &["repmgr_git_ref", "repmgr_git_url", "repmgr_installation_method"]),
    row(Manual, Patroni, "what is built runs on until Patroni restarts", &["patroni_git_ref", "patroni_git_url", "patroni_installation_method"]),
    row(Update, Barman, "built again with the next deployment", &[
        "barman_build_dir", "barman_git_ref", "barman_git_url", "barman_installation_method", "barman_src_dir", "pg_backup_api_git_ref",
        "pg_backup_api_git_url", "pg_backup_api_installation_method",
    ]),
    row(Update, System, "for builds from now on", &["build_path"]),
    // ---- the system ----
    row(Update, System, "set with the next deployment", &[
        "artifacts", "etc_hosts_lines", "extra_etc_hosts_lines", "hostname_aliases", "manage_ssh_hostkeys", "python_pkg_prefix", "transparent_hugepage",
        "transparent_hugepage_defrag", "transparent_hugepage_khugepaged_defrag", "user_locale",
    ]),
    row(Update, System, "the kernel takes it at once; a setting that left the map keeps its value until the machine boots", &["sysctl_values"]),
    row(Update, System, "huge pages are reserved at once as far as memory is free; Postgres takes them when it starts", &["huge_page_size", "nr_hugepages"]),
    row(Service, System, "syslog restarts, and sends to the new server", &["log_server"]),
    // ---- how TPA works ----
    row(Nothing, Tpa, "only how TPA itself works", &[
        "ansible_become_flags", "ansible_tower", "architecture", "cluster_tag", "cluster_vars", "disable_repository_checks", "excluded_tasks",
        "forward_ssh_agent", "included_tasks", "instance_defaults", "instances", "locations", "opt_in_tasks", "preferred_python_version",
        "preserve_ansible_log", "privilege_escalation_command", "script_python_interpreter", "ssh_key_file", "target_environment", "use_ssh_agent",
    ]),
    row(Manual, Tpa, "TPA looks for its passphrase there: move it first, or it makes new passwords", &["keyring_backend", "vault_name"]),
    row(Manual, Tpa, "TPA logs in under the new name, and makes no user on machines that run: it must be there first", &["ansible_user"]),
    row(Manual, Tpa, "TPA expects sshd at the new port: change it on the machines first", &["cluster_ssh_port"]),
    row(Replace, Tpa, "TPA knows a cluster by its name: another name is another cluster", &["cluster_name"]),
    row(Update, Tpa, "what the standard asks for is set with the next deployment; what it set before stays", &["compliance"]),
    row(Manual, Tpa, "TPA sets the new one up beside the old one, and stops nothing", &["failover_manager"]),
    // ---- what machines are made with ----
    row(Update, Provision, "tags change in place, with Terraform; labels of containers are for new ones", &["cluster_tags"]),
    row(Update, Provision, "rules come and go with Terraform; TPA adds and removes them with the next `tpaexec provision`", &["cluster_rules"]),
    row(Update, Provision, "machines change groups in place, then the old group goes", &["ec2_groups"]),
    row(Update, Provision, "machines change their profile in place; the role that Terraform made goes", &["cluster_profile", "instance_profile_name"]),
    row(Update, Provision, "files are put into the bucket, and the role may read them", &["cluster_bucket", "s3_uploads"]),
    row(Nothing, Provision, "for new machines", &[
        "docker_images", "ec2_ami", "ec2_instance_key", "ec2_key_name", "extra_user_data", "install_authorized_key", "pre_user_data", "user_data_environment",
    ]),
    row(Refused, Provision, "everything is in the VPC: build another cluster, and move", &["ec2_vpc"]),
    row(Refused, Provision, "a subnet with machines in it stays where it is: add a location, and take the old one away afterwards", &["ec2_vpc_subnets"]),
    row(Refused, Provision, "machines have addresses of the gateway, and aws keeps it; private machines that become public get addresses when they are made again", &["ec2_instance_reachability", "ec2_vpc_igw"]),
    row(Refused, Provision, "docker does not change a network: its containers would have to go first", &["docker_networks"]),
    // ---- failover managers ----
    row(Service, Repmgr, "repmgrd restarts; Postgres runs on", &[
        "event_notification_command", "event_notifications", "repmgr_client_dsn_attributes", "repmgr_conf_settings", "repmgr_failover",
        "repmgr_hostname", "repmgr_location", "repmgr_priority", "repmgr_reconnect_attempts", "repmgr_reconnect_interval",
        "repmgr_service_environment", "repmgr_use_slots",
    ]),
    row(Update, Repmgr, "read when it is needed", &["repmgr_cluster_cleanup_interval", "repmgr_redirect_pgbouncer"]),
    row(Manual, Repmgr, "TPA looks there from now on, and moves nothing that is in the old place", &["repmgr_conf_dir"]),
    row(Service, Efm, "EFM restarts; Postgres runs on, and nobody is promoted meanwhile", &[
        "efm_autostart_db", "efm_bin_dir", "efm_bind_by_hostname", "efm_bind_port", "efm_conf_dir", "efm_conf_settings",
        "efm_user_is_superuser", "efm_user_password_encryption",
    ]),
    row(Reload, Patroni, "Patroni reads its file again; what Postgres takes at its start alone waits for `patronictl restart`", &["patroni_conf_settings"]),
    row(Manual, Patroni, "Patroni keeps it in etcd since the cluster was made: `patronictl edit-config` changes it there", &["patroni_dynamic_conf_settings"]),
    row(Service, Patroni, "Patroni restarts, which leaves Postgres running; there is no failover meanwhile", &[
        "patroni_authentication_mode", "patroni_etcd_user", "patroni_listen_port", "patroni_restapi_user", "patroni_ssl_enabled",
        "patroni_watchdog_enabled", "watchdog_group", "watchdog_user",
    ]),
    row(Manual, Patroni, "the cluster is under its old key in etcd, and Patroni would find none: it would make another", &["patroni_dcs", "patroni_dcs_namespace"]),
    row(Manual, Patroni, "the package of the other vendor does not take the place of the one that is installed", &["patroni_package_flavour"]),
    row(Reload, Patroni, "Patroni makes no user later: make it first, then Patroni reads its file again", &[
        "patroni_replication_user", "patroni_rewind_enabled", "patroni_rewind_user", "patroni_super_user",
    ]),
    row(Service, Haproxy, "HAProxy takes up the new health check", &["patroni_repl_max_lag"]),
    row(Service, Etcd, "etcd restarts: one member at a time, or the majority is lost", &[
        "etcd_authentication_mode", "etcd_client_port", "etcd_compaction_mode", "etcd_compaction_retention", "etcd_peer_port",
    ]),
    row(Nothing, Etcd, "read when a member starts for the first time", &["etcd_initial_cluster_state"]),
    row(Manual, Etcd, "a member stays in the cluster that it is in: remove it there and add it here", &["etcd_location"]),
    row(Manual, Etcd, "the data of etcd belongs to the old user", &["etcd_group", "etcd_user"]),
    // ---- backups ----
    row(Update, Barman, "Barman reads it with its next run", &[
        "backup_wait_timeout", "barman_backup_interval", "barman_backup_method", "barman_backup_options", "barman_basebackup_retry_sleep",
        "barman_basebackup_retry_times", "barman_client_dsn_attributes", "barman_compression", "barman_immediate_checkpoint",
        "barman_last_backup_maximum_age", "barman_log_file", "barman_network_compression", "barman_parallel_jobs", "barman_path_prefix",
        "barman_post_backup_retry_script", "barman_post_backup_script", "barman_pre_archive_retry_script", "barman_reuse_backup",
        "streaming_barman_client_dsn_attributes",
    ]),
    row(Loss, Barman, "Barman deletes the backups that the new policy does not keep, with its next run; a longer one deletes none", &["barman_retention_policy"]),
    row(Loss, Barman, "Barman deletes the old backups that only the higher number kept, with its next run; a higher one deletes none", &["barman_minimum_redundancy"]),
    row(Reload, Postgres, "`archive_command` follows from it, and Postgres reads it without a restart", &["barman_archiver"]),
    row(Manual, Barman, "Barman begins an empty catalogue there: move the old backups, or keep them as long as they are needed", &[
        "backup_name", "barman_home", "barman_streaming_wals_directory",
    ]),
    row(Manual, Barman, "backups belong to the old user", &["barman_group", "barman_user"]),
    row(Nothing, Barman, "TPA sets up a Barman that is its own, and leaves a shared one to its cluster", &["barman_shared"]),
    row(Service, Barman, "the proxy before the API starts or stops", &["enable_pg_backup_api"]),
    // ---- ways in ----
    row(Service, Pgbouncer, "PgBouncer restarts, and the connections of its clients break", &["pgbouncer_port"]),
    row(Service, Pgbouncer, "PgBouncer reads its files again; pools that are there keep what they have until they are empty", &[
        "pgbouncer_auth_database", "pgbouncer_auth_user", "pgbouncer_backend", "pgbouncer_backend_port", "pgbouncer_databases",
        "pgbouncer_default_pool_size", "pgbouncer_max_client_conn", "pgbouncer_pool_mode", "pgbouncer_server_login_retry",
        "pgbouncer_use_cert_authentication", "server_fast_close",
    ]),
    row(Service, Haproxy, "HAProxy takes up its new file; clients of a listener that moves have to follow", &[
        "haproxy_backend_servers", "haproxy_backend_settings", "haproxy_bind_address", "haproxy_default_server_extra_options",
        "haproxy_default_server_options", "haproxy_maxconn", "haproxy_peer_enabled", "haproxy_port", "haproxy_read_only_load_balancer_enabled",
        "haproxy_read_only_port", "haproxy_server_options", "haproxy_stats_socket",
    ]),
    row(Nothing, Haproxy, "for a new file of parameters", &["ha_proxy_dhparams_key_size"]),
    row(Service, Openvpn, "the VPN restarts, and its clients connect again", &["vpn_name", "vpn_network"]),
    row(Nothing, Openvpn, "for new keys", &["openvpn_dhparams_numbits_size", "openvpn_rsa_key_size"]),
    // ---- watching ----
    row(Service, Pem, "the agent of PEM or the web server of PEM restarts", &[
        "asb_host_db", "pem_agent_alert_threads", "pem_agent_base_dir", "pem_agent_enable_smtp", "pem_agent_enable_snmp", "pem_agent_logfile",
        "pem_agent_service_name", "pem_base_dir", "pem_server_ssl_certificate", "pem_server_ssl_key", "pem_server_ssl_port",
        "pem_web_server_renew_tls_certificates", "pem_worker_logfile",
    ]),
    row(Update, Pem, "agents register again with the next deployment; what they were called stays in PEM", &[
        "monitoring_agent_cluster", "monitoring_agent_group", "monitoring_cluster", "monitoring_group", "monitoring_server_owner",
        "monitoring_team", "pem_agent_group", "pem_server", "pem_server_description", "pem_server_group", "pemagent_registration_opts",
        "remote_monitoring",
    ]),
    row(Reload, Pem, "Postgres of the PEM server reads `pg_hba.conf` again", &["pem_postgres_extra_hba_settings"]),
    row(Nothing, Pem, "read when the PEM server is made", &["pem_database", "pem_db_ca_certificate_key_size", "pem_rsa_key_size", "pem_support_email"]),
    row(Nothing, Pem, "TPA sets up a PEM server that is its own, and leaves a shared one to its cluster", &["pem_shared"]),
    row(Service, BeaconAgent, "the agent restarts", &["beacon_agent_project_id"]),
];
