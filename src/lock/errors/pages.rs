//! The codes of errors about locks, each with its page.

use crate::diagnostic::codes;

codes! {
    /// A lock, `NAME.m1.lock`, cannot be read: it is cut off, has been edited by hand, or git has left a conflict in it. Or
    /// none can be made from an earlier config.yml, since a machine in that has no number or no location.
    ///
    /// It says which numbers, names and subnets the machines have that run. Without it they would be counted again, and
    /// others might come out: so nothing is built, and the lock stays as it is.
    ///
    /// Take it from the last commit with `git restore NAME.m1.lock`. After a merge, keep the lines of both sides,
    /// and remove the markers. If it is lost, remove what is left of it:
    /// `m1c lock NAME.m1` makes a new one from the config.yml that was built last, and `m1c lock NAME.m1 --from FILE`
    /// from another one.
    ///
    /// ```toml fails
    /// version = 1
    ///
    /// cluster.speedy.location.main.machine.main-db1 = { number = 1, data = 1 }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```toml passes
    /// version = 1
    ///
    /// cluster.speedy.location.main.machine.main-db1 = { number = 1, data = 1 }
    /// cluster.speedy.location.main.machine.main-db2 = { number = 2, data = 2 }
    /// cluster.speedy.location.main.machine.main-barman1 = { number = 3, barman = 1 }
    ///
    /// # The end of the lock.
    /// ```
    ///
    /// See also `lock-conflict` and `newer-lock`.
    BROKEN_LOCK = "broken-lock";

    /// In a lock two machines have one number, one name, or one place in the count of a location.
    ///
    /// That comes from a merge: on two branches a machine was added, and each branch gave it the next number. Git has
    /// merged the lines, because they are different ones. In repmgr the second machine would take the first one's
    /// registration.
    ///
    /// One of them does not run yet. `m1c lock SOURCE --forget CLUSTER/LOCATION/NAME` takes it out of the lock, and the next
    /// build gives it a number of its own. If both run, one has to be deployed again under another number.
    ///
    /// ```toml fails
    /// version = 1
    ///
    /// cluster.speedy.location.main.machine.main-db1 = { number = 1, data = 1 }
    /// cluster.speedy.location.main.machine.main-db2 = { number = 2, data = 2 }
    /// cluster.speedy.location.main.machine.main-barman1 = { number = 2, barman = 1 }
    ///
    /// # The end of the lock.
    /// ```
    ///
    /// Use instead:
    ///
    /// ```toml passes
    /// version = 1
    ///
    /// cluster.speedy.location.main.machine.main-db1 = { number = 1, data = 1 }
    /// cluster.speedy.location.main.machine.main-db2 = { number = 2, data = 2 }
    ///
    /// # The end of the lock.
    /// ```
    ///
    /// See also `broken-lock` and `locked-number`.
    LOCK_CONFLICT = "lock-conflict";

    /// A lock has clusters, and none of them is in its source.
    ///
    /// It may have been copied together with a source, or the cluster has got another name. To go on would give its
    /// machines new numbers and subnets.
    ///
    /// If the cluster has another name now, write that into the lock in the place of the old one, in each line. If nothing
    /// of the old one runs, `m1c lock SOURCE --forget CLUSTER/` frees it. If the lock belongs to another source, remove it.
    ///
    /// For the cluster `speedy`:
    ///
    /// ```toml fails
    /// version = 1
    ///
    /// cluster.slow.location.main.machine.main-db1 = { number = 1, data = 1 }
    ///
    /// # The end of the lock.
    /// ```
    ///
    /// Use instead:
    ///
    /// ```toml passes
    /// version = 1
    ///
    /// cluster.speedy.location.main.machine.main-db1 = { number = 1, data = 1 }
    ///
    /// # The end of the lock.
    /// ```
    ///
    /// See also `broken-lock` and `lock-conflict`.
    FOREIGN_LOCK = "foreign-lock";

    /// A lock was written by a newer m1c, and says things that this one does not know.
    ///
    /// To read a part of it would mean to lose the rest at the next build. Update m1c, or build where the newer one is.
    ///
    /// ```toml fails
    /// version = 1000
    ///
    /// cluster.speedy.location.main.machine.main-db1 = { number = 1, data = 1 }
    ///
    /// # The end of the lock.
    /// ```
    ///
    /// Use instead:
    ///
    /// ```toml passes
    /// version = 1
    ///
    /// cluster.speedy.location.main.machine.main-db1 = { number = 1, data = 1 }
    ///
    /// # The end of the lock.
    /// ```
    ///
    /// See also `broken-lock`.
    NEWER_LOCK = "newer-lock";

    /// `m1c build --locked` found that the lock would change, and built nothing.
    ///
    /// A pipeline that deploys must not give numbers and subnets that nobody has reviewed and that are lost with its
    /// working copy: the next run could give others. So pipelines use `--locked`, and whoever changes a source commits the
    /// lock with it.
    ///
    /// Run `m1c build` or `m1c lock` where the source was changed, look at what the lock has got, and commit both.
    ///
    /// See also `broken-lock` and `lock-conflict`.
    LOCK_OUTDATED = "lock-outdated";
}
