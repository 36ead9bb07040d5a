# What the cluster consists of. Everything else in this folder follows from it.
locals {
  cluster_name    = "speedy"
  inventory_group = "tag_Cluster_speedy"

  nodes = {
    kestrel = {
      node       = 1
      location   = "paris"
      roles      = ["primary"]
      backup     = "heron"
      ssh_user   = "root"
      ip_address = "10.0.1.1"
    }
    merlin = {
      node       = 2
      location   = "paris"
      roles      = ["replica"]
      upstream   = "kestrel"
      backup     = "heron"
      ssh_user   = "root"
      ip_address = "10.0.1.2"
    }
    linnet = {
      node       = 3
      location   = "paris"
      roles      = ["replica"]
      upstream   = "kestrel"
      ssh_user   = "root"
      ip_address = "10.0.1.3"
    }
    heron = {
      node       = 4
      location   = "paris"
      roles      = ["barman", "log-server"]
      ssh_user   = "root"
      ip_address = "10.0.1.9"
    }
    osprey = {
      node       = 5
      location   = "london"
      roles      = ["replica"]
      upstream   = "kestrel"
      backup     = "heron"
      ssh_user   = "root"
      ip_address = "10.0.2.1"
    }
    harrier = {
      node       = 6
      location   = "london"
      roles      = ["replica", "efm-not-promotable"]
      upstream   = "osprey"
      ssh_user   = "root"
      ip_address = "10.0.2.2"
    }
    wren = {
      node       = 7
      location   = "zurich"
      roles      = ["replica"]
      upstream   = "kestrel"
      backup     = "stork"
      ssh_user   = "root"
      ip_address = "10.0.3.1"
    }
    jay = {
      node       = 8
      location   = "zurich"
      roles      = ["replica"]
      upstream   = "wren"
      backup     = "stork"
      ssh_user   = "root"
      ip_address = "10.0.3.2"
    }
    stork = {
      node       = 9
      location   = "zurich"
      roles      = ["barman", "log-server"]
      ssh_user   = "root"
      ip_address = "10.0.3.9"
    }
  }

  # The machines of an inventory, in its order.
  listed = ["kestrel", "merlin", "linnet", "heron", "osprey", "harrier", "wren", "jay", "stork"]

  # Who takes connections, and on which port.
  connections = {
    postgres = {
      hosts = ["kestrel", "merlin", "linnet", "osprey", "harrier", "wren", "jay"]
      port  = 5444
    }
  }
}
