# What the cluster consists of. Everything else in this folder follows from it.
locals {
  cluster_name    = "older_image"
  inventory_group = "tag_Cluster_older_image"
  key_name        = "tpa_older_image"
  role            = "older_image_profile"
  public          = true
  ssh_port        = 22
  bucket          = null

  tags = { CreatingCluster = "older_image", Owner = "DBA" }

  image = {
    name  = "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20250627"
    owner = "099720109477"
  }

  first_boot = {}

  networks = { eu-west-1 = { vpc_name = "Test", vpc_cidr = "10.33.0.0/16" } }

  locations = { main = { region = "eu-west-1", zone = "eu-west-1a", subnet = "10.33.0.0/28" } }

  rules = [{ protocol = "tcp", from_port = 0, to_port = 65535, cidr = "10.33.0.0/28" }]

  nodes = {
    main-db1 = {
      node          = 1
      location      = "main"
      roles         = ["primary"]
      backup        = "main-barman1"
      ssh_user      = "ubuntu"
      instance_type = "t3.micro"
      vars          = { ansible_user = "ubuntu" }
      root_volume   = { type = "gp2", size = 16 }
      volumes       = { "/dev/sdf" = { type = "gp2", size = 16, use = "postgres_data" } }
      volume_vars   = { "/dev/sdf" = { volume_for = "postgres_data" } }
    }
    main-db2 = {
      node          = 2
      location      = "main"
      roles         = ["replica"]
      upstream      = "main-db1"
      ssh_user      = "ubuntu"
      instance_type = "t3.micro"
      vars          = { ansible_user = "ubuntu" }
      root_volume   = { type = "gp2", size = 16 }
      volumes       = { "/dev/sdf" = { type = "gp2", size = 16, use = "postgres_data" } }
      volume_vars   = { "/dev/sdf" = { volume_for = "postgres_data" } }
    }
    main-barman1 = {
      node          = 3
      location      = "main"
      roles         = ["barman", "log-server", "witness"]
      upstream      = "main-db1"
      ssh_user      = "ubuntu"
      instance_type = "t3.micro"
      vars          = { ansible_user = "ubuntu" }
      root_volume   = { type = "gp2", size = 16 }
      volumes       = { "/dev/sdf" = { type = "gp2", size = 32, use = "barman_data" } }
      volume_vars   = { "/dev/sdf" = { volume_for = "barman_data" } }
    }
  }

  # The machines of an inventory, in its order.
  listed = ["main-db1", "main-db2", "main-barman1"]

  # Who takes connections, and on which port.
  connections = { postgres = { hosts = ["main-db1", "main-db2"], port = 5432 } }
}
