# What the cluster consists of. Everything else in this folder follows from it.
locals {
  cluster_name    = "metal"
  inventory_group = "tag_Cluster_metal"

  nodes = {
    db1 = {
      node       = 1
      location   = "main"
      roles      = ["primary"]
      backup     = "backup1"
      ssh_user   = "root"
      ip_address = "10.0.0.1"
    }
    db2 = {
      node       = 2
      location   = "main"
      roles      = ["replica"]
      upstream   = "db1"
      ssh_user   = "root"
      ip_address = "10.0.0.2"
    }
    backup1 = {
      node       = 3
      location   = "main"
      roles      = ["barman", "log-server", "witness"]
      upstream   = "db1"
      ssh_user   = "root"
      ip_address = "10.0.0.3"
    }
  }

  # The machines of an inventory, in its order.
  listed = ["db1", "db2", "backup1"]

  # Who takes connections, and on which port.
  connections = { postgres = { hosts = ["db1", "db2"], port = 5432 } }
}
