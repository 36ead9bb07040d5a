# What the cluster consists of. Everything else in this folder follows from it.
locals {
  cluster_name    = "house"
  inventory_group = "tag_Cluster_house"

  labels = { Name = "house", Cluster = "house" }

  networks = [{ name = "house", ipam = [{ subnet = "10.33.0.0/28" }] }]

  images = { "registry.example.org/house:7" = null }

  nodes = {
    a-db1 = {
      node     = 1
      location = "a"
      roles    = ["primary"]
      backup   = "a-barman1"
      ssh_user = "root"
      image    = "registry.example.org/house:7"
      networks = [{ name = "house", ipv4_address = "10.33.0.2" }]
    }
    a-barman1 = {
      node     = 2
      location = "a"
      roles    = ["barman", "log-server"]
      ssh_user = "root"
      image    = "registry.example.org/house:7"
      networks = [{ name = "house", ipv4_address = "10.33.0.3" }]
    }
  }

  # The machines of an inventory, in its order.
  listed = ["a-db1", "a-barman1"]

  # Who takes connections, and on which port.
  connections = { postgres = { hosts = ["a-db1"], port = 5432 } }
}
