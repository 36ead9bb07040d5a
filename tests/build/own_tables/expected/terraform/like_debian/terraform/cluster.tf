# What the cluster consists of. Everything else in this folder follows from it.
locals {
  cluster_name    = "like_debian"
  inventory_group = "tag_Cluster_like_debian"
  key_name        = "tpa_like_debian"
  role            = "like_debian_profile"
  public          = true
  ssh_port        = 22
  bucket          = null

  tags = { CreatingCluster = "like_debian" }

  image = { name = "debian-11-amd64-20260805-2561", owner = "136693071363" }

  first_boot = {}

  networks = { eu-west-1 = { vpc_name = "Test", vpc_cidr = "10.33.0.0/16" } }

  locations = { a = { region = "eu-west-1", zone = "eu-west-1a", subnet = "10.33.0.0/28" } }

  rules = [{ protocol = "tcp", from_port = 0, to_port = 65535, cidr = "10.33.0.0/28" }]

  nodes = {
    a-db1 = {
      node          = 1
      location      = "a"
      roles         = ["primary"]
      backup        = "a-barman1"
      ssh_user      = "admin"
      instance_type = "m5.large"
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
      instance_type = "m5.large"
      vars          = { ansible_user = "admin" }
      root_volume   = { type = "gp2", size = 16 }
      volumes       = { "/dev/sdf" = { type = "gp2", size = 32, use = "barman_data" } }
      volume_vars   = { "/dev/sdf" = { volume_for = "barman_data" } }
    }
  }

  # The machines of an inventory, in its order.
  listed = ["a-db1", "a-barman1"]

  # Who takes connections, and on which port.
  connections = { postgres = { hosts = ["a-db1"], port = 5432 } }
}
