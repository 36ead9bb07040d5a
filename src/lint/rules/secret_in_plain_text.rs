use crate::lint::Context;
use crate::lint::declared;
use crate::lint::finding::Of;
use crate::lint::path::{Path, spelling};
use crate::lint::rule::rule;
use crate::tpa::secrets::{self, Secret};
use crate::tpa::view::Entity;
use crate::tpa::view::{Instance, Subject};
use crate::value::{Data, Map, Value};

rule! {
    /// ## What it does
    ///
    /// Finds secrets that are in the source: values of keys such as `password`, `app_password`, `api_token` or
    /// `aws_secret_access_key`, passwords in URLs and connection strings, and private keys. A value with `{{ … }}`
    /// refers to something that is kept elsewhere, and one that Ansible has encrypted is safe.
    ///
    /// ## Why is this bad?
    ///
    /// The source and config.yml are committed to Git, where a secret stays for everybody who ever gets a copy. TPA
    /// does not even use the password of an entry of `postgres_users`: it makes one of its own.
    ///
    /// ## Example
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { postgres_users = [{ username = app; password = "s3cret" }] }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   location main { data 2 }
    ///   vars { postgres_users = [{ username = app; generate_password = true }] }
    /// }
    /// ```
    ///
    /// and give the user a password of your own, if it needs one, with `tpaexec store-password`.
    pub(super) static SECRET_IN_PLAIN_TEXT = {
        name: "secret-in-plain-text",
        level: Error,
        summary: "a secret that everybody can read",
        consequence: "the secret is committed to Git with config.yml, and no tool ever complains",
    }
}

fn check(context: &Context<'_>, findings: &mut Of<'_>) {
    let mut search = Search {
        subject: context.subject,
        findings,
    };
    for (key, value) in context.subject.document.iter() {
        let name = spelling(key);
        match (name.as_ref(), value.as_list()) {
            (section @ ("instances" | "locations"), Some(entries)) => {
                for entry in entries {
                    let entity = search.entity(section, entry);
                    search.value(&entity, &Path::START, "", entry);
                }
            }
            ("cluster_vars", _) => {
                search.value(&Entity::Cluster, &Path::START.to("vars"), &name, value);
            }
            _ => search.value(&Entity::Cluster, &Path::START.to(&name), &name, value),
        }
    }
}

struct Search<'s, 'f, 'o> {
    subject: &'s Subject,
    findings: &'f mut Of<'o>,
}

impl Search<'_, '_, '_> {
    /// What an entry of a list is about: the subject knows machines and locations by the places of their entries.
    fn entity(&self, section: &str, entry: &Value) -> Entity {
        if section == "instances" {
            let mut instances = self.subject.instances.iter();
            let known = instances.find(|instance| instance.at == entry.origin);
            return known.map_or(Entity::Cluster, Instance::entity);
        }
        let name = entry.as_map().and_then(|entry| entry.get("Name"));
        name.and_then(Value::as_text)
            .map_or(Entity::Cluster, |name| Entity::Location(name.to_owned()))
    }

    /// Looks into a value that is at a key.
    fn value(&mut self, entity: &Entity, path: &Path<'_>, key: &str, value: &Value) {
        match &value.data {
            Data::Map(map) => self.map(entity, path, key, map),
            Data::List(items) => {
                for item in items {
                    self.value(entity, path, key, item);
                }
            }
            Data::Text(_) | Data::Integer(_) => {
                if let Some(secret) = secrets::find(key, value) {
                    self.report(entity, path, key, value, secret);
                }
            }
            Data::Null | Data::Boolean(_) | Data::Decimal(_) => {}
        }
    }

    fn map(&mut self, entity: &Entity, path: &Path<'_>, outer: &str, map: &Map) {
        for (key, value) in map.iter() {
            let name = spelling(key);
            let path = path.to(&name);
            if outer == "postgres_users" && name == "password" {
                if secrets::is_literal(value) {
                    self.report(entity, &path, &name, value, Secret::OfUser);
                }
            } else {
                self.value(entity, &path, &name, value);
            }
        }
    }

    fn report(
        &mut self,
        entity: &Entity,
        path: &Path<'_>,
        key: &str,
        value: &Value,
        secret: Secret,
    ) {
        let (message, label) = match secret {
            Secret::OfUser => (
                "a password of a database user is in plain text, and TPA does not use it"
                    .to_owned(),
                "readable by everybody",
            ),
            Secret::OfKey => (
                format!("the value of `{key}` is a secret in plain text"),
                "readable by everybody",
            ),
            Secret::Url => (
                format!("the URL in `{key}` has a password in plain text"),
                "a password after the user's name",
            ),
            Secret::ConnectionString => (
                format!("the connection string in `{key}` has a password in plain text"),
                "`password=` with a value",
            ),
            Secret::PrivateKey => (
                format!("`{key}` holds a private key in plain text"),
                "a private key",
            ),
        };
        let help = match secret {
            Secret::OfUser => {
                "remove it; TPA makes a password, and `tpaexec store-password` sets one of your own. Change the password if the source has been shared"
            }
            Secret::PrivateKey => {
                "keep the key in a file outside of the repository, and make a new one if the source has been shared"
            }
            Secret::OfKey | Secret::Url | Secret::ConnectionString => {
                "keep it outside of the source, in the environment of the deployment or in TPA's vault with `tpaexec store-password`, and change it if the source has been shared"
            }
        };
        let at = declared::place_of(self.subject, value.origin);
        self.findings
            .at(entity.clone(), at, message)
            .key(path.to_string())
            .label(label)
            .help(help);
    }
}
