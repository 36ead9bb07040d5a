# What the cluster consists of. Everything else in this folder follows from it.
locals {
  cluster_name    = "modular"
  inventory_group = "tag_Cluster_modular"

  labels = { Owner = "team dba", Stage = "prod", Name = "modular", Cluster = "modular" }

  networks = [{ name = "modular", ipam = [{ subnet = "10.33.0.0/28" }] }]

  images = { "tpa/ubuntu:noble" = "ubuntu:noble" }

  nodes = {
    main-db1 = {
      node     = 1
      location = "main"
      roles    = ["primary"]
      ssh_user = "root"
      image    = "tpa/ubuntu:noble"
      networks = [{ name = "modular", ipv4_address = "10.33.0.2" }]
    }
    main-db2 = {
      node     = 2
      location = "main"
      roles    = ["replica"]
      upstream = "main-db1"
      ssh_user = "root"
      image    = "tpa/ubuntu:noble"
      networks = [{ name = "modular", ipv4_address = "10.33.0.3" }]
    }
    main-db3 = {
      node     = 3
      location = "main"
      roles    = ["replica"]
      upstream = "main-db1"
      ssh_user = "root"
      image    = "tpa/ubuntu:noble"
      networks = [{ name = "modular", ipv4_address = "10.33.0.4" }]
    }
  }

  # The machines of an inventory, in its order.
  listed = ["main-db1", "main-db2", "main-db3"]

  # Who takes connections, and on which port.
  connections = { postgres = { hosts = ["main-db1", "main-db2", "main-db3"], port = 5432 } }
}
