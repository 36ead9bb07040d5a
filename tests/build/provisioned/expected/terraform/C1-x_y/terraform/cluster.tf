# What the cluster consists of. Everything else in this folder follows from it.
locals {
  cluster_name    = "C1-x_y"
  inventory_group = "tag_Cluster_C1-x_y"

  nodes = {
    one-a = {
      node       = 1
      location   = "first"
      roles      = ["primary", "foo"]
      backup     = "three"
      ssh_user   = "fromdef"
      ip_address = "10.0.0.1"
    }
    two = {
      node       = 2
      location   = "second"
      roles      = ["replica", "readonly"]
      upstream   = "one-a"
      ssh_user   = "fromdef"
      public_ip  = "10.0.0.2"
      private_ip = "192.168.0.2"
    }
    three = {
      node       = 3
      location   = "first"
      roles      = ["barman", "log-server", "witness"]
      upstream   = "one-a"
      ssh_user   = "fromdef"
      private_ip = "192.168.0.3"
    }
    four = {
      node         = 4
      location     = "third"
      roles        = []
      ssh_user     = "fromdef"
      ansible_host = "192.0.2.4"
      ip_address   = "10.0.0.4"
    }
  }

  # The machines of an inventory, in its order.
  listed = ["one-a", "two", "three"]

  # Who takes connections, and on which port.
  connections = { postgres = { hosts = ["one-a", "two"], port = 5432 } }
}
