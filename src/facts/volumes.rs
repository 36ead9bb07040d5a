//! What volumes are for, and what the types of EBS can do.

words! {
    /// What a volume is for, as `volume_for` says it.
    VolumeFor {
        Data = "postgres_data",
        Wal = "postgres_wal",
        Tablespace = "postgres_tablespace",
        Backups = "barman_data",
    }
}

impl VolumeFor {
    /// Its word in the language.
    pub const fn word(self) -> &'static str {
        match self {
            VolumeFor::Data => "postgres",
            VolumeFor::Wal => "wal",
            VolumeFor::Tablespace => "tablespace",
            VolumeFor::Backups => "barman",
        }
    }

    /// Where TPA mounts it, unless its `mountpoint` says otherwise; a tablespace below that, by its name.
    pub const fn mountpoint(self) -> &'static str {
        match self {
            VolumeFor::Data => "/opt/postgres",
            VolumeFor::Wal => "/opt/postgres/wal",
            VolumeFor::Tablespace => "/opt/postgres/tablespaces",
            VolumeFor::Backups => "/var/lib/barman",
        }
    }
}

/// What a volume for backups does not take from the one for data: these belong to the data, or to how fast it must be.
pub const KEYS_OF_DATA: &[&str] = &["ephemeral", "iops", "snapshot", "throughput"];
pub const VARIABLES_OF_DATA: &[&str] = &["group", "luks_volume", "mode", "mountpoint", "owner"];

/// The type of a volume for backups where that of the data needs `iops`.
pub const TYPE_FOR_BACKUPS: &str = "gp3";

/// A type of EBS. Its numbers are those that the EC2 interface documents for `CreateVolume`.
#[derive(Debug)]
pub struct VolumeType {
    pub name: &'static str,
    /// In GB.
    pub smallest: i64,
    pub largest: i64,
    /// Of the types that have them provisioned.
    pub iops: Option<Iops>,
    /// A hard disk, which is slow wherever it is not read in sequence.
    pub is_hard_disk: bool,
}

/// Input and output operations a second that can be provisioned.
#[derive(Clone, Copy, Debug)]
pub struct Iops {
    pub least: i64,
    pub most: i64,
    for_each_gb: i64,
    /// Whether a volume must say how many.
    pub are_required: bool,
}

impl Iops {
    /// The most that a volume of this size may have.
    pub fn most_of(self, size: i64) -> i64 {
        let by_size = size.saturating_mul(self.for_each_gb);
        by_size.clamp(self.least, self.most)
    }

    /// The smallest size in GB with which a volume may have so many.
    pub fn size_for(self, iops: i64) -> i64 {
        let for_each_gb = self.for_each_gb;
        iops.saturating_add(for_each_gb.saturating_sub(1)) / for_each_gb
    }
}

/// Throughput of gp3, the only type that has it provisioned, in MB/s.
pub const LEAST_THROUGHPUT: i64 = 125;
pub const MOST_THROUGHPUT: i64 = 2_000;
/// How many of its operations a second each MB/s needs.
pub const IOPS_FOR_THROUGHPUT: i64 = 4;

const fn iops(least: i64, most: i64, for_each_gb: i64, are_required: bool) -> Iops {
    Iops {
        least,
        most,
        for_each_gb,
        are_required,
    }
}

const fn ssd(name: &'static str, smallest: i64, largest: i64, iops: Option<Iops>) -> VolumeType {
    VolumeType {
        name,
        smallest,
        largest,
        iops,
        is_hard_disk: false,
    }
}

const fn hard_disk(name: &'static str) -> VolumeType {
    VolumeType {
        name,
        smallest: 125,
        largest: 16_384,
        iops: None,
        is_hard_disk: true,
    }
}

pub const TYPES: &[VolumeType] = &[
    ssd("gp2", 1, 16_384, None),
    ssd("gp3", 1, 65_536, Some(iops(3_000, 80_000, 500, false))),
    ssd("io1", 4, 16_384, Some(iops(100, 64_000, 50, true))),
    ssd("io2", 4, 65_536, Some(iops(100, 256_000, 1_000, true))),
    hard_disk("sc1"),
    hard_disk("st1"),
    ssd("standard", 1, 1_024, None),
];

/// The type with this name.
pub fn volume_type(name: &str) -> Option<&'static VolumeType> {
    TYPES.iter().find(|known| known.name == name)
}
