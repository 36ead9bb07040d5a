# What the cluster consists of. Everything else in this folder follows from it.
locals {
  cluster_name    = "future"
  inventory_group = "tag_Cluster_future"
  key_name        = "tpa_future"
  role            = "future_profile"
  public          = true
  ssh_port        = 22
  bucket          = null

  tags = { CreatingCluster = "future" }

  image = { name = "debian-13-amd64-20260101-1", owner = "136693071363" }

  first_boot = {}

  networks = { mars-north-1 = { vpc_name = "Test", vpc_cidr = "10.33.0.0/16" } }

  locations = {
    a = { region = "mars-north-1", zone = "mars-north-1x", subnet = "10.33.0.0/28" }
    b = { region = "mars-north-1", zone = "mars-north-1y", subnet = "10.33.0.32/28" }
    c = { region = "mars-north-1", zone = "mars-north-1y", subnet = "10.33.0.16/28" }
  }

  rules = [
    { protocol = "tcp", from_port = 0, to_port = 65535, cidr = "10.33.0.0/28" },
    { protocol = "tcp", from_port = 0, to_port = 65535, cidr = "10.33.0.32/28" },
    { protocol = "tcp", from_port = 0, to_port = 65535, cidr = "10.33.0.16/28" },
  ]

  nodes = {
    a-db1 = {
      node          = 1
      location      = "a"
      roles         = ["primary"]
      backup        = "a-barman1"
      ssh_user      = "admin"
      instance_type = "t3.micro"
      vars          = { ansible_user = "admin" }
      root_volume   = { type = "gp2", size = 16 }
      volumes       = { "/dev/sdf" = { type = "gp2", size = 16, use = "postgres_data" } }
      volume_vars   = { "/dev/sdf" = { volume_for = "postgres_data" } }
    }
    a-barman1 = {
      node          = 2
      location      = "a"
      roles         = ["barman", "log-server"]
      ssh_user      = "admin"
      instance_type = "t3.micro"
      vars          = { ansible_user = "admin" }
      root_volume   = { type = "gp2", size = 16 }
      volumes       = { "/dev/sdf" = { type = "gp2", size = 32, use = "barman_data" } }
      volume_vars   = { "/dev/sdf" = { volume_for = "barman_data" } }
    }
    b-db1 = {
      node          = 3
      location      = "b"
      roles         = ["replica"]
      upstream      = "a-db1"
      ssh_user      = "admin"
      instance_type = "t3.micro"
      vars          = { ansible_user = "admin" }
      root_volume   = { type = "gp2", size = 16 }
      volumes       = { "/dev/sdf" = { type = "gp2", size = 16, use = "postgres_data" } }
      volume_vars   = { "/dev/sdf" = { volume_for = "postgres_data" } }
    }
    c-witness1 = {
      node          = 4
      location      = "c"
      roles         = ["witness"]
      upstream      = "a-db1"
      ssh_user      = "admin"
      instance_type = "t3.micro"
      vars          = { ansible_user = "admin" }
      root_volume   = { type = "gp2", size = 16 }
      volumes       = { "/dev/sdf" = { type = "gp2", size = 16, use = "postgres_data" } }
      volume_vars   = { "/dev/sdf" = { volume_for = "postgres_data" } }
    }
  }

  # The machines of an inventory, in its order.
  listed = ["a-db1", "a-barman1", "b-db1", "c-witness1"]

  # Who takes connections, and on which port.
  connections = { postgres = { hosts = ["a-db1", "b-db1"], port = 5432 } }
}
