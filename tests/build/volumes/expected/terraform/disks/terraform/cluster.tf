# What the cluster consists of. Everything else in this folder follows from it.
locals {
  cluster_name    = "disks"
  inventory_group = "tag_Cluster_disks"
  key_name        = "tpa_disks"
  role            = "disks_profile"
  public          = true
  ssh_port        = 22
  bucket          = null

  tags = { CreatingCluster = "disks" }

  image = { name = "debian-12-amd64-20260806-2562", owner = "136693071363" }

  first_boot = {}

  networks = { eu-west-1 = { vpc_name = "Test", vpc_cidr = "10.33.0.0/16" } }

  locations = { main = { region = "eu-west-1", zone = "eu-west-1a", subnet = "10.33.0.0/28" } }

  rules = [{ protocol = "tcp", from_port = 0, to_port = 65535, cidr = "10.33.0.0/28" }]

  nodes = {
    db1 = {
      node          = 1
      location      = "main"
      roles         = ["primary"]
      backup        = "backup1"
      ssh_user      = "admin"
      instance_type = "t3.micro"
      vars          = { ansible_user = "admin" }
      root_volume   = { type = "gp2", size = 20 }
      volumes = {
        "/dev/sdf" = { type = "gp3", size = 1024, iops = 6000, use = "postgres_data" }
        "/dev/sdg" = { type = "gp2", size = 100, use = "postgres_wal" }
        "/dev/sdh" = { type = "st1", size = 4096, encrypted = false, use = "postgres_tablespace" }
        "/dev/sdj" = { type = "gp2", size = 5 }
      }
      volume_vars = {
        "/dev/sdf" = { volume_for = "postgres_data", fstype = "xfs" }
        "/dev/sdg" = { volume_for = "postgres_wal" }
        "/dev/sdh" = { tablespace_name = "archive", volume_for = "postgres_tablespace" }
      }
    }
    db2 = {
      node          = 2
      location      = "main"
      roles         = ["replica"]
      upstream      = "db1"
      ssh_user      = "admin"
      instance_type = "t3.micro"
      vars          = { ansible_user = "admin" }
      root_volume   = { type = "gp2", size = 20 }
      volumes = {
        "/dev/sdf" = { type = "gp3", size = 2048, iops = 6000, use = "postgres_data" }
        "/dev/sdh" = { type = "st1", size = 4096, encrypted = false, use = "postgres_tablespace" }
        "/dev/sdi" = { type = "gp2", size = 10 }
      }
      volume_vars = {
        "/dev/sdf" = { volume_for = "postgres_data", fstype = "xfs" }
        "/dev/sdh" = { tablespace_name = "archive", volume_for = "postgres_tablespace" }
      }
    }
    backup1 = {
      node          = 3
      location      = "main"
      roles         = ["barman", "log-server", "witness"]
      upstream      = "db1"
      ssh_user      = "admin"
      instance_type = "t3.micro"
      vars          = { ansible_user = "admin" }
      root_volume   = { type = "gp2", size = 20 }
      volumes = {
        "/dev/sdf" = {
          type       = "gp3"
          size       = 3072
          kms_key_id = "arn:aws:kms:eu-west-1:1:key/1"
          use        = "barman_data"
        }
        "/dev/sdg" = { type = "gp2", size = 100, use = "postgres_wal" }
        "/dev/sdh" = { type = "st1", size = 4096, encrypted = false, use = "postgres_tablespace" }
        "/dev/sdj" = { type = "gp2", size = 5 }
      }
      volume_vars = {
        "/dev/sdf" = { volume_for = "barman_data", fstype = "xfs" }
        "/dev/sdg" = { volume_for = "postgres_wal" }
        "/dev/sdh" = { tablespace_name = "archive", volume_for = "postgres_tablespace" }
      }
    }
  }

  # The machines of an inventory, in its order.
  listed = ["db1", "db2", "backup1"]

  # Who takes connections, and on which port.
  connections = { postgres = { hosts = ["db1", "db2"], port = 5432 } }
}
