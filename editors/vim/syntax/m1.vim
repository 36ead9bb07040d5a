" Descriptions of PostgreSQL clusters for m1c.
"
" No word is reserved: what a word is depends on where it stands. So the words of the language are looked for only
" where they are meant: a statement is a word that hands over to its labels, or a key that hands over to its value.
" Where two items match at one place, Vim takes the later one of this file.

if exists('b:current_syntax')
  finish
endif

let s:save_cpo = &cpo
set cpo&vim

syntax case match
syntax iskeyword @,48-57,_,-,.
syntax sync fromstart

" What defines the thing that its label names, as a pattern.
let s:definitions = [
      "\ words: definitions
      \ 'profile', 'cluster', 'image', 'region', 'location', 'primary',
      \ 'replica', 'single', 'barman', 'witness', 'etcd', 'haproxy', 'pem',
      \ 'node',
      "\ words end
      \ ]
let s:definition = '\%(' .. join(s:definitions, '\|') .. '\)'

let s:name = '[A-Za-z_][A-Za-z0-9_-]*\%(\.[A-Za-z0-9_-]\+\)*'
let s:name_ends = '[A-Za-z0-9_.-]\@!'
let s:literal_ends = '[A-Za-z0-9_.:/+*~%-]\@!'
let s:text = '"\%([^"\\]\|\\.\)*"'

" Words {{{1
" Those that begin a statement, the others than definitions.
syntax keyword m1Entry contained
      "\ words: entries
      \ aws backup balance bdr3 bdr4 bdr5 data defaults disk docker epas
      \ failover monitor network omit open os packages patroni patroni-edb
      \ pg-backup-api pglogical3 platform pool postgres release repositories
      \ require root settings sources tablespace tags tower vars versions
      \ volumes wal
      "\ words end

" Those that have a value.
syntax keyword m1Setting contained
      "\ words: settings
      \ address aliases ami api api_url apt arch automatically backup barman
      \ bdr beacon-agent bind_by_hostname bucket cidr compliance default
      \ device edb encrypted end_of_life etcd exclude extra family
      \ follows_primary git_repository haproxy hostnames id image instance
      \ iops keyring like local_only mounts on_return optional owner packages
      \ password_encryption patroni pem-agent pem-server pg-backup-api
      \ pgbouncer pgd-proxy pgdcli pglogical postgres primary_location private
      \ project public python reachability redwood region repmgr roles subnet
      \ subnet_prefix superuser suse tls tpa type unwanted upstream user
      \ version vpc was with_data within witness yum zone zones
      "\ words end

" The variables of TPA, which are keys too.
syntax keyword m1Variable contained
      "\ words: variables
      \ ansible_become_flags ansible_tower ansible_user apt_repositories
      \ apt_repository_list architecture archive_command archive_timeout
      \ array_nulls artifacts asb_host_db autovacuum_analyze_scale_factor
      \ autovacuum_analyze_threshold autovacuum_freeze_max_age
      \ autovacuum_max_workers autovacuum_multixact_freeze_max_age
      \ autovacuum_naptime autovacuum_vacuum_cost_delay
      \ autovacuum_vacuum_cost_limit autovacuum_vacuum_scale_factor
      \ autovacuum_vacuum_threshold autovacuum_work_mem backslash_quote
      \ backup_name backup_wait_timeout barman_archiver barman_backup_interval
      \ barman_backup_method barman_backup_options
      \ barman_basebackup_retry_sleep barman_basebackup_retry_times
      \ barman_build_dir barman_client_dsn_attributes barman_compression
      \ barman_git_ref barman_git_url barman_group barman_home
      \ barman_immediate_checkpoint barman_installation_method
      \ barman_last_backup_maximum_age barman_log_file
      \ barman_minimum_redundancy barman_network_compression
      \ barman_package_version barman_parallel_jobs barman_path_prefix
      \ barman_post_backup_retry_script barman_post_backup_script
      \ barman_pre_archive_retry_script barman_retention_policy
      \ barman_reuse_backup barman_shared barman_src_dir
      \ barman_streaming_wals_directory barman_user
      \ beacon_agent_package_version beacon_agent_project_id bgwriter_delay
      \ bgwriter_lru_maxpages bgwriter_lru_multiplier build_path
      \ checkpoint_completion_target checkpoint_timeout checkpoint_warning
      \ cluster_bucket cluster_name cluster_profile cluster_rules
      \ cluster_ssh_port cluster_tag cluster_tags cluster_vars commit_delay
      \ commit_siblings compliance constraint_exclusion cpu_index_tuple_cost
      \ cpu_operator_cost cpu_tuple_cost default_statistics_target
      \ default_with_oids disable_repository_checks docker_images
      \ docker_networks ec2_ami ec2_groups ec2_instance_key
      \ ec2_instance_reachability ec2_key_name ec2_vpc ec2_vpc_igw
      \ ec2_vpc_subnets edb_repositories edb_testing_repo effective_cache_size
      \ effective_cache_size_mb effective_cache_size_ratio
      \ effective_io_concurrency efm_autostart_db efm_bin_dir
      \ efm_bind_by_hostname efm_bind_port efm_conf_dir efm_conf_settings
      \ efm_user_is_superuser efm_user_password_encryption efm_version
      \ enable_pg_backup_api epas_redwood_compat escape_string_warning
      \ etc_hosts_lines etcd_authentication_mode etcd_client_port
      \ etcd_compaction_mode etcd_compaction_retention etcd_group
      \ etcd_initial_cluster_state etcd_location etcd_package_version
      \ etcd_peer_port etcd_ssl_enabled etcd_user event_notification_command
      \ event_notifications excluded_tasks extra_bash_rc_lines
      \ extra_bashrc_lines extra_etc_hosts_lines extra_postgres_extensions
      \ extra_postgres_packages extra_user_data failover_manager
      \ forward_ssh_agent full_page_writes ha_proxy_dhparams_key_size
      \ haproxy_backend_servers haproxy_backend_settings haproxy_bind_address
      \ haproxy_default_server_extra_options haproxy_default_server_options
      \ haproxy_maxconn haproxy_package_version haproxy_peer_enabled
      \ haproxy_port haproxy_read_only_load_balancer_enabled
      \ haproxy_read_only_port haproxy_server_options haproxy_stats_socket
      \ hba_cert_authentication_map hba_force_certificate_auth
      \ hba_force_hostssl hostname_aliases hot_standby_feedback huge_page_size
      \ include_dir included_tasks install_authorized_key install_from_source
      \ instance_defaults instance_profile_name instances keyring_backend
      \ lo_compat_privileges locations log_autovacuum_min_duration
      \ log_connections log_destination log_disconnections log_line_prefix
      \ log_min_duration_statement log_min_messages log_server log_statement
      \ log_temp_files logging_collector logrotate_maxage logrotate_maxsize
      \ logrotate_rotate maintenance_work_mem manage_ssh_hostkeys
      \ max_connections max_prepared_transactions max_replication_slots
      \ max_standby_streaming_delay max_wal_senders max_wal_size
      \ max_worker_processes min_wal_size monitoring_agent_cluster
      \ monitoring_agent_group monitoring_cluster monitoring_group
      \ monitoring_server_owner monitoring_team nr_hugepages
      \ openssl_certificate_validity openvpn_dhparams_numbits_size
      \ openvpn_rsa_key_size operator_precedence_warning opt_in_tasks
      \ optional_packages packages password_encryption
      \ patroni_authentication_mode patroni_conf_settings patroni_dcs
      \ patroni_dcs_namespace patroni_dynamic_conf_settings patroni_etcd_user
      \ patroni_git_ref patroni_git_url patroni_installation_method
      \ patroni_listen_port patroni_package_flavour patroni_package_version
      \ patroni_repl_max_lag patroni_replication_user patroni_restapi_user
      \ patroni_rewind_enabled patroni_rewind_user patroni_ssl_enabled
      \ patroni_super_user patroni_watchdog_enabled pem_agent_alert_threads
      \ pem_agent_base_dir pem_agent_enable_smtp pem_agent_enable_snmp
      \ pem_agent_group pem_agent_logfile pem_agent_package_version
      \ pem_agent_service_name pem_base_dir pem_database
      \ pem_db_ca_certificate_key_size pem_postgres_extra_hba_settings
      \ pem_rsa_key_size pem_server pem_server_description pem_server_group
      \ pem_server_package_version pem_server_ssl_certificate
      \ pem_server_ssl_key pem_server_ssl_port pem_shared pem_support_email
      \ pem_web_server_renew_tls_certificates pem_worker_logfile
      \ pemagent_extensions pemagent_registration_opts pg_backup_api_git_ref
      \ pg_backup_api_git_url pg_backup_api_installation_method
      \ pg_backup_api_package_version pgbouncer_auth_database
      \ pgbouncer_auth_user pgbouncer_backend pgbouncer_backend_port
      \ pgbouncer_databases pgbouncer_default_pool_size
      \ pgbouncer_max_client_conn pgbouncer_package_version
      \ pgbouncer_pool_mode pgbouncer_port pgbouncer_server_login_retry
      \ pgbouncer_use_cert_authentication pglogical_package_version
      \ pgpass_users postgis_version postgres_bin_dir postgres_build_dir
      \ postgres_build_targets postgres_client_dsn_attributes
      \ postgres_conf_dir postgres_conf_settings postgres_conf_template
      \ postgres_configure_env postgres_configure_opts postgres_data_dir
      \ postgres_databases postgres_extensions postgres_extra_configure_env
      \ postgres_extra_configure_opts postgres_flavour postgres_git_ref
      \ postgres_git_reference_repo postgres_git_url postgres_group
      \ postgres_hba_local_auth_method postgres_hba_settings
      \ postgres_hba_template postgres_home postgres_host
      \ postgres_ident_template postgres_initdb_opts postgres_install_dir
      \ postgres_install_targets postgres_installation_method postgres_lib_dir
      \ postgres_locale postgres_log_directory_mode postgres_log_file
      \ postgres_log_file_mode postgres_make_command postgres_oom_score_adj
      \ postgres_package_version postgres_port postgres_rsa_key_size
      \ postgres_src_dir postgres_tablespaces postgres_user postgres_users
      \ postgres_version postgres_wal_dir postmaster_oom_score_adj
      \ pre_user_data preferred_python_version preload_extensions
      \ preserve_ansible_log primary_slot_name privilege_escalation_command
      \ publications python_pkg_prefix quote_all_identifiers random_page_cost
      \ remote_monitoring replica_client_dsn_attributes replication_user
      \ repmgr_client_dsn_attributes repmgr_cluster_cleanup_interval
      \ repmgr_conf_dir repmgr_conf_settings repmgr_failover repmgr_git_ref
      \ repmgr_git_url repmgr_hostname repmgr_installation_method
      \ repmgr_location repmgr_package_version repmgr_priority
      \ repmgr_reconnect_attempts repmgr_reconnect_interval
      \ repmgr_redirect_pgbouncer repmgr_service_environment repmgr_use_slots
      \ restore_command s3_uploads script_python_interpreter seq_page_cost
      \ server_fast_close shared_buffers shared_buffers_mb
      \ shared_buffers_ratio skip_wal_senders_validation ssh_key_file
      \ ssl_ca_file ssl_cert_expiry ssl_cert_file ssl_cert_min_valid_period
      \ ssl_client_cert_dir ssl_crl_file ssl_key_file ssl_server_cert_expiry
      \ standard_conforming_strings streaming_barman_client_dsn_attributes
      \ subscriptions suse_repositories suse_repository_list
      \ synchronize_seqscans synchronous_commit synchronous_standby_names
      \ sysctl_values syslog_facility syslog_ident target_environment
      \ tcp_keepalives_count tcp_keepalives_idle tcp_keepalives_interval
      \ temp_buffers tpa_2q_repositories tpa_tls_renew_tls_certificates
      \ track_commit_timestamp transform_null_equals transparent_hugepage
      \ transparent_hugepage_defrag transparent_hugepage_khugepaged_defrag
      \ unix_socket_directories unwanted_packages use_local_repo_only
      \ use_ssh_agent use_volatile_subscriptions user_data_environment
      \ user_locale vacuum_cost_delay vacuum_cost_limit vault_name vpn_name
      \ vpn_network wal_buffers wal_compression wal_keep_segments
      \ wal_keep_size wal_level wal_log_hints wal_receiver_timeout
      \ wal_segment_size wal_sender_timeout watchdog_group watchdog_user
      \ work_mem yum_repositories yum_repository_list
      "\ words end

" Labels and values out of a fixed set.
syntax keyword m1Choice contained
      "\ words: choices
      \ aws backup-elsewhere bare barman beacon cis community docker edb
      \ edbpge efm epas haproxy legacy md5 no-split-brain patroni pem
      \ pgbouncer pgextended postgresql private public repmgr scram-sha-256
      \ stig survives-location survives-machine survives-two-machines system
      "\ words end

syntax keyword m1Constant contained
      "\ words: constants
      \ false null true none
      "\ words end

syntax keyword m1Type contained
      "\ words: types
      \ text integer decimal boolean list map
      "\ words end

" Values {{{1
syntax cluster m1Value contains=m1Comment,m1ForeignComment,m1String,m1LongString,m1Literal,m1Number,m1Quantity,
      \m1Address,m1Date,m1Reference,m1BrokenReference,m1Word,m1List

execute 'syntax match m1Word contained contains=m1Choice,m1Constant "' .. s:name .. '"'

execute 'syntax match m1Literal contained "\d[A-Za-z0-9_.:/+*~%-]*"'
execute 'syntax match m1Number contained "-\?\%(0\|[1-9]\d*\)\%(\.\d\+\)\?' .. s:literal_ends .. '"'
execute 'syntax match m1Quantity contained "\d\+\%(kB\|MB\|GB\|TB\|us\|ms\|s\|min\|h\|d\)' .. s:literal_ends .. '"'
execute 'syntax match m1Address contained "\d\{1,3}\%(\.\d\{1,3}\)\{3}\%(/\d\+\)\?' .. s:literal_ends .. '"'
execute 'syntax match m1Date contained "\d\{4}-\d\d-\d\d' .. s:literal_ends .. '"'

syntax match m1BrokenReference contained "\$\%({[^"}]*}\?\)\?"
syntax match m1Reference contained "\$[A-Za-z_][A-Za-z0-9_-]*\%(\.[A-Za-z_][A-Za-z0-9_-]*\)\?"

syntax region m1String contained oneline start=+"+ skip=+\\.+ end=+"\|$+ contains=@m1Piece,@Spell
syntax region m1LongString contained fold start=+"""+ skip=+\\.+ end=+"""+ contains=@m1Piece,@Spell

syntax cluster m1Piece contains=m1BrokenEscape,m1Escape,m1BrokenInterpolation,m1Interpolation
syntax match m1BrokenEscape contained "\\."
syntax match m1Escape contained +\\\%([nt"\\$]\|u{\x\{1,6}}\)+
syntax match m1BrokenInterpolation contained +\${[^"}]*}\?+
syntax match m1Interpolation contained "\${[A-Za-z_][A-Za-z0-9_-]*\%(\.[A-Za-z_][A-Za-z0-9_-]*\)\?}"

" A line that can be no item ends a list whose bracket is missing.
syntax region m1List contained fold matchgroup=m1Bracket start="\[" end="\]" end="}\@="
      \ end=+^\%(\s*[A-Za-z_"][A-Za-z0-9_." -]*=[=>]\@!\|\%(cluster\|profile\|use\)\s\+[A-Za-z_"]\)\@=+
      \ contains=@m1Value,m1Map,m1Comma
syntax match m1Comma contained ","

" A map holds keys only. Like every block it ends where only the top level can go on, so that a missing brace does not
" discolour the rest of the file.
syntax region m1Map contained fold matchgroup=m1Brace start="{" end="}"
      \ end=+^\%(\%(cluster\|profile\|use\)\s\+[A-Za-z_"]\)\@=+ contains=m1Comment,m1ForeignComment,m1Key,m1Semicolon

" Statements {{{1
syntax cluster m1Statement contains=m1Comment,m1ForeignComment,m1Semicolon,m1Block,m1Statement,m1QuotedStatement,
      \m1Definition,m1Import,m1Allow,m1Hosts,m1If,m1Else,m1Key

syntax match m1StrayBrace "}"
syntax match m1Semicolon ";"

syntax region m1Block contained fold matchgroup=m1Brace start="{" end="}"
      \ end=+^\%(\%(cluster\|profile\|use\)\s\+[A-Za-z_"]\)\@=+ contains=@m1Statement

execute 'syntax match m1Statement "' .. s:name .. '" contains=m1Entry nextgroup=m1Labels skipwhite'
execute 'syntax match m1QuotedStatement +' .. s:text .. '+ contains=m1String nextgroup=m1Labels skipwhite'
syntax region m1Labels contained start="[^[:blank:];}]\@=" end="[;}]\@=\|$\|^" contains=@m1Value,m1Block

execute 'syntax match m1Definition "' .. s:definition .. s:name_ends .. '" nextgroup=m1NameLabels skipwhite'
syntax region m1NameLabels contained start="[^[:blank:];}]\@=" end="[;}]\@=\|$\|^" contains=@m1Value,m1Block,m1Name
execute 'syntax match m1Name contained "' .. s:name .. '"'

execute 'syntax match m1Import "\%(use\|include\)' .. s:name_ends .. '" nextgroup=m1ImportLabels skipwhite'
syntax region m1ImportLabels contained start="[^[:blank:];}]\@=" end="[;}]\@=\|$\|^" contains=@m1Value,m1Module,m1As
execute 'syntax match m1Module contained "' .. s:name .. '"'
execute 'syntax match m1As contained "\<as' .. s:name_ends .. '\%(\s\+[A-Za-z_]\)\@="'

execute 'syntax match m1Allow "allow' .. s:name_ends .. '" nextgroup=m1AllowLabels skipwhite'
syntax region m1AllowLabels contained start="[^[:blank:];}]\@=" end="[;}]\@=\|$\|^" contains=@m1Value,m1Rule,m1Until
execute 'syntax match m1Rule contained "' .. s:name .. '"'
execute 'syntax match m1Until contained "until' .. s:name_ends .. '"'

" The lines of `hosts` begin with names.
execute 'syntax match m1Hosts "hosts' .. s:name_ends .. '" nextgroup=m1HostsBlock skipwhite'
syntax region m1HostsBlock contained fold matchgroup=m1Brace start="{" end="}"
      \ end=+^\%(\%(cluster\|profile\|use\)\s\+[A-Za-z_"]\)\@=+
      \ contains=m1Comment,m1ForeignComment,m1Semicolon,m1Host,m1QuotedHost,m1If,m1Else,m1Key
execute 'syntax match m1Host contained "' .. s:name .. '" nextgroup=m1Labels skipwhite'
execute 'syntax match m1QuotedHost contained +' .. s:text .. '+ contains=@m1Piece nextgroup=m1Labels skipwhite'

" Conditions {{{1
execute 'syntax match m1If "if' .. s:name_ends .. '" nextgroup=m1Condition skipwhite'
syntax region m1Condition contained start="[^[:blank:];}]\@=" end="[;}]\@=\|$\|^"
      \ contains=@m1Value,m1Block,m1Parenthesis,m1Comparison,m1Logical,m1Otherwise
syntax match m1Parenthesis contained "[()]"
syntax match m1Comparison contained "[=!]="
execute 'syntax match m1Logical contained "\%(and\|in\|not\|or\)' .. s:name_ends .. '"'
execute 'syntax match m1Otherwise contained "\%(if\|else\)' .. s:name_ends .. '"'
" On a line of its own it is a mistake.
execute 'syntax match m1Else "\%(else\|elif\|elsif\|elseif\)' .. s:name_ends .. '" nextgroup=m1Condition skipwhite'

" Bindings, at the top level only {{{1
execute 'syntax match m1Binding "\%(param\|let\)' .. s:name_ends .. '" nextgroup=m1Bound skipwhite'
syntax match m1Bound contained "[A-Za-z_][A-Za-z0-9_-]*" nextgroup=m1TypeColon,m1Assignment skipwhite
syntax match m1TypeColon contained ":" nextgroup=m1TypeWord,m1TypeList skipwhite
syntax match m1TypeWord contained "[a-z]\+" contains=m1Type nextgroup=m1Assignment skipwhite
syntax region m1TypeList contained matchgroup=m1Bracket start="\[" end="\]" contains=@m1Value,m1Comma
      \ nextgroup=m1Assignment skipwhite

" Attributes: a word before `=` is a key, whatever it is elsewhere {{{1
execute 'syntax match m1Key +\%(' .. s:name .. '\|' .. s:text .. '\|-\?\d[A-Za-z0-9_.:/+*~%-]*\)\%(\s*\%(=\|:[^:]\)\)\@=+'
      \ .. ' contains=m1Setting,m1Variable,@m1Piece nextgroup=m1Assignment,m1WrongAssignment skipwhite'
syntax match m1WrongAssignment contained ":=\|:\|==\|=>" nextgroup=m1Assigned skipwhite
syntax match m1Assignment contained "=[=>]\@!" nextgroup=m1Assigned skipwhite
syntax region m1Assigned contained start="[^[:blank:];}]\@=" end="[;}]\@=\|$\|^" contains=@m1Value,m1Map

" Comments {{{1
syntax match m1ForeignComment "\%(//\|/\*\).*"
syntax match m1Comment "#.*" contains=@Spell

" Colours {{{1
highlight default link m1Comment Comment
highlight default link m1ForeignComment Error
highlight default link m1Binding Statement
highlight default link m1Bound Identifier
highlight default link m1Type Type
highlight default link m1Import Include
highlight default link m1As Include
highlight default link m1Module Function
highlight default link m1Definition Structure
highlight default link m1Entry Statement
highlight default link m1Hosts Statement
highlight default link m1Allow PreProc
highlight default link m1Until PreProc
highlight default link m1Rule Constant
highlight default link m1Name Function
highlight default link m1Host Function
highlight default link m1QuotedHost Function
highlight default link m1Key Identifier
highlight default link m1Setting m1Key
highlight default link m1Variable m1Key
highlight default link m1Assignment Operator
highlight default link m1WrongAssignment Error
highlight default link m1If Conditional
highlight default link m1Otherwise Conditional
highlight default link m1Else Error
highlight default link m1Logical Operator
highlight default link m1Comparison Operator
highlight default link m1Choice Constant
highlight default link m1Constant Boolean
highlight default link m1Reference PreProc
highlight default link m1BrokenReference Error
highlight default link m1String String
highlight default link m1LongString String
highlight default link m1Escape SpecialChar
highlight default link m1BrokenEscape Error
highlight default link m1Interpolation PreProc
highlight default link m1BrokenInterpolation Error
highlight default link m1Number Number
highlight default link m1Quantity Number
highlight default link m1Address Number
highlight default link m1Date Number
highlight default link m1Literal Number
highlight default link m1Brace Delimiter
highlight default link m1Bracket Delimiter
highlight default link m1Parenthesis Delimiter
highlight default link m1Semicolon Delimiter
highlight default link m1Comma Delimiter
highlight default link m1StrayBrace Error

let b:current_syntax = 'm1'

unlet s:definitions s:definition s:name s:name_ends s:literal_ends s:text
let &cpo = s:save_cpo
unlet s:save_cpo

" vim: foldmethod=marker
