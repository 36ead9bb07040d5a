# What the cluster consists of. Everything else in this folder follows from it.
locals {
  cluster_name    = "ex2"
  inventory_group = "tag_Cluster_ex2"
  key_name        = "tpa_ex2"
  role            = "ex2_profile"
  public          = true
  ssh_port        = 22
  bucket          = null

  tags = { CreatingCluster = "ex2", Owner = "Ann" }

  image = { name = "RHEL-9.8.0_HVM-20260728-x86_64-0-Hourly2-GP3", owner = "309956199498" }

  first_boot = {}

  networks = {
    us-east-1 = { vpc_name = "Test", vpc_cidr = "10.33.0.0/16" }
    eu-west-1 = { vpc_name = "Test", vpc_cidr = "10.33.0.0/16" }
  }

  locations = {
    lon = { region = "eu-west-1", zone = "eu-west-1a", subnet = "10.33.0.0/28" }
    par = { region = "us-east-1", zone = "us-east-1a", subnet = "10.33.0.16/28" }
    nyc = { region = "eu-west-1", zone = "eu-west-1b", subnet = "10.33.0.32/28" }
  }

  rules = [
    { protocol = "tcp", from_port = 0, to_port = 65535, cidr = "10.33.0.0/28" },
    { protocol = "tcp", from_port = 0, to_port = 65535, cidr = "10.33.0.16/28" },
    { protocol = "tcp", from_port = 0, to_port = 65535, cidr = "10.33.0.32/28" },
  ]

  nodes = {
    h1 = {
      node          = 1
      location      = "par"
      roles         = ["primary", "pem-agent"]
      backup        = "h3"
      ssh_user      = "ec2-user"
      instance_type = "t3.medium"
      vars          = { ansible_user = "ec2-user" }
      root_volume   = { type = "gp2", size = 16 }
      volumes       = { "/dev/sdf" = { type = "gp2", size = 16, use = "postgres_data" } }
      volume_vars   = { "/dev/sdf" = { volume_for = "postgres_data" } }
    }
    h2 = {
      node          = 2
      location      = "par"
      roles         = ["replica", "pem-agent"]
      upstream      = "h1"
      ssh_user      = "ec2-user"
      instance_type = "t3.medium"
      vars          = { ansible_user = "ec2-user" }
      root_volume   = { type = "gp2", size = 16 }
      volumes       = { "/dev/sdf" = { type = "gp2", size = 16, use = "postgres_data" } }
      volume_vars   = { "/dev/sdf" = { volume_for = "postgres_data" } }
    }
    h3 = {
      node          = 3
      location      = "par"
      roles         = ["barman", "log-server", "pem-agent"]
      ssh_user      = "ec2-user"
      instance_type = "t3.medium"
      vars          = { ansible_user = "ec2-user" }
      root_volume   = { type = "gp2", size = 16 }
      volumes       = { "/dev/sdf" = { type = "gp2", size = 100, use = "barman_data" } }
      volume_vars   = { "/dev/sdf" = { volume_for = "barman_data" } }
    }
    h4 = {
      node          = 4
      location      = "lon"
      roles         = ["replica", "pem-agent"]
      upstream      = "h1"
      ssh_user      = "ec2-user"
      instance_type = "t3.medium"
      vars          = { ansible_user = "ec2-user" }
      root_volume   = { type = "gp2", size = 16 }
      volumes       = { "/dev/sdf" = { type = "gp2", size = 16, use = "postgres_data" } }
      volume_vars   = { "/dev/sdf" = { volume_for = "postgres_data" } }
    }
    h5 = {
      node          = 5
      location      = "lon"
      roles         = ["replica", "pem-agent"]
      upstream      = "h4"
      ssh_user      = "ec2-user"
      instance_type = "t3.medium"
      vars          = { ansible_user = "ec2-user" }
      root_volume   = { type = "gp2", size = 16 }
      volumes       = { "/dev/sdf" = { type = "gp2", size = 16, use = "postgres_data" } }
      volume_vars   = { "/dev/sdf" = { volume_for = "postgres_data" } }
    }
    h6 = {
      node          = 6
      location      = "nyc"
      roles         = ["replica", "pem-agent"]
      upstream      = "h1"
      ssh_user      = "ec2-user"
      instance_type = "t3.medium"
      vars          = { ansible_user = "ec2-user" }
      root_volume   = { type = "gp2", size = 16 }
      volumes       = { "/dev/sdf" = { type = "gp2", size = 16, use = "postgres_data" } }
      volume_vars   = { "/dev/sdf" = { volume_for = "postgres_data" } }
    }
    pemserver = {
      node          = 7
      location      = "lon"
      roles         = ["pem-server"]
      ssh_user      = "ec2-user"
      instance_type = "t3.medium"
      vars          = { ansible_user = "ec2-user" }
      root_volume   = { type = "gp2", size = 16 }
      volumes       = { "/dev/sdf" = { type = "gp2", size = 16, use = "postgres_data" } }
      volume_vars   = { "/dev/sdf" = { volume_for = "postgres_data" } }
    }
  }

  # The machines of an inventory, in its order.
  listed = ["h1", "h2", "h3", "h4", "h5", "h6", "pemserver"]

  # Who takes connections, and on which port.
  connections = { postgres = { hosts = ["h1", "h2", "h4", "h5", "h6"], port = 5444 } }
}
