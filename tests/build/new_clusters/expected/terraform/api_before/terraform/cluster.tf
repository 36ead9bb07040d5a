# What the cluster consists of. Everything else in this folder follows from it.
locals {
  cluster_name    = "api_before"
  inventory_group = "tag_Cluster_api_before"

  labels = { Name = "api_before", Cluster = "api_before" }

  networks = [{ name = "api_before", ipam = [{ subnet = "10.33.0.0/28" }] }]

  images = { "tpa/rocky:9" = "rockylinux/rockylinux:9" }

  nodes = {
    main-db1 = {
      node     = 1
      location = "main"
      roles    = ["primary"]
      backup   = "main-barman1"
      ssh_user = "root"
      image    = "tpa/rocky:9"
      networks = [{ name = "api_before", ipv4_address = "10.33.0.2" }]
    }
    main-db2 = {
      node     = 2
      location = "main"
      roles    = ["replica"]
      upstream = "main-db1"
      ssh_user = "root"
      image    = "tpa/rocky:9"
      networks = [{ name = "api_before", ipv4_address = "10.33.0.3" }]
    }
    main-barman1 = {
      node     = 3
      location = "main"
      roles    = ["barman", "log-server", "witness"]
      upstream = "main-db1"
      ssh_user = "root"
      image    = "tpa/rocky:9"
      networks = [{ name = "api_before", ipv4_address = "10.33.0.4" }]
    }
  }

  # The machines of an inventory, in its order.
  listed = ["main-db1", "main-db2", "main-barman1"]

  # Who takes connections, and on which port.
  connections = { postgres = { hosts = ["main-db1", "main-db2"], port = 5432 } }
}
