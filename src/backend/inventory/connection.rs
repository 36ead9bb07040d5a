//! How Ansible reaches the machines: what config.yml says of ssh, and what becomes of it.

use crate::origin::{Origin, Sourced};
use crate::tpa::view::truth::python_truthy;
use crate::value::{Map, Value};
use crate::yaml;

/// The interpreter is chosen when Ansible connects, by variables that are beside it.
const INTERPRETER: &str = r#"ansible_python_interpreter: '/usr/bin/{{ python|default(preferred_python_version|default("python2.7")) }}'
"#;

/// What TPA's own ssh options are, before those that can be turned on and off.
const OPTIONS: &str =
    "-o ServerAliveInterval=60 -o UserKnownHostsFile='known_hosts tpa_known_hosts'";

pub(super) struct Connection {
    pub(super) port: Sourced<String>,
    /// Tower has keys of its own: there it is in `ssh_config` alone.
    pub(super) key_file: Sourced<String>,
    pub(super) is_tower: bool,
    /// Whether keys of an ssh agent may be tried.
    uses_agent: bool,
    forwards_agent: bool,
}

impl Connection {
    /// From the top-level keys of config.yml.
    pub(super) fn of(settings: &Map, cluster: &Sourced<String>) -> Connection {
        let text = |key: &str| settings.get(key)?.sourced_spelling();
        let is_tower = settings.get("ansible_tower").is_some_and(python_truthy);
        let key_file = text("ssh_key_file").unwrap_or_else(|| {
            Sourced::new(
                format!("id_{}", cluster.value.to_lowercase()),
                cluster.origin,
            )
        });
        Connection {
            port: text("cluster_ssh_port").unwrap_or_else(|| {
                Sourced::new("22".to_owned(), Origin::Default("the port of ssh"))
            }),
            key_file,
            is_tower,
            uses_agent: settings.get("use_ssh_agent").is_some_and(python_truthy),
            forwards_agent: settings.get("forward_ssh_agent").is_some(),
        }
    }

    /// The text of `00-ansible.yml`.
    pub(super) fn text(&self) -> String {
        let only = if self.uses_agent {
            ""
        } else {
            "-o IdentitiesOnly=yes"
        };
        let forward = if self.forwards_agent {
            "-o ForwardAgent=yes"
        } else {
            ""
        };
        let mut vars = Map::default();
        let mut set = |key: &str, text: &str| {
            vars.set(key, Value::text(text, Origin::Default("how TPA connects")));
        };
        set("ansible_port", &self.port.value);
        set("ansible_shell_executable", "/bin/bash");
        set(
            "ansible_ssh_common_args",
            &format!("{OPTIONS} {only} {forward}"),
        );
        if !self.is_tower {
            set("ansible_ssh_private_key_file", &self.key_file.value);
        }
        format!("{INTERPRETER}{}", yaml::write(&vars.into()))
    }
}
