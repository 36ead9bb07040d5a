# What the cluster consists of. Everything else in this folder follows from it.
locals {
  cluster_name    = "hand"
  inventory_group = "tag_Cluster_hand"

  nodes = {
    kestrel = {
      node     = 1
      location = "paris"
      roles    = ["primary", "pem-agent"]
      backup   = "heron"
      ssh_user = "root"
    }
    heron = {
      node     = 2
      location = "paris"
      roles    = ["barman", "log-server", "pem-agent", "monitoring-server"]
      ssh_user = "root"
    }
    osprey = {
      node       = 3
      location   = "london"
      roles      = ["replica", "pem-agent"]
      upstream   = "kestrel"
      backup     = "egret"
      ssh_user   = "root"
      public_ip  = "52.0.0.1"
      private_ip = "10.0.0.1"
    }
    harrier = {
      node     = 4
      location = "london"
      roles    = ["replica", "pem-agent"]
      upstream = "kestrel"
      backup   = ["heron", "egret"]
      ssh_user = "root"
    }
    spare = {
      node       = 5
      location   = "london"
      roles      = ["readonly", "replica"]
      upstream   = "osprey"
      ssh_user   = "root"
      ip_address = "10.0.0.7"
    }
    egret = {
      node     = 6
      location = "london"
      roles    = ["barman", "log-server", "witness", "pem-agent"]
      upstream = "kestrel"
      ssh_user = "root"
    }
    wren = {
      node     = 7
      location = "archive"
      roles    = ["replica", "pem-agent"]
      upstream = "kestrel"
      backup   = "egret"
      ssh_user = "root"
    }
    curlew = {
      node      = 8
      location  = "archive"
      roles     = ["pem-server"]
      ssh_user  = "root"
      public_ip = "52.0.0.9"
    }
    merlin = {
      node     = 20
      location = "paris"
      roles    = ["replica", "pem-agent"]
      upstream = "kestrel"
      ssh_user = "root"
    }
  }

  # The machines of an inventory, in its order.
  listed = ["kestrel", "heron", "osprey", "harrier", "spare", "egret", "wren", "curlew", "merlin"]

  # Who takes connections, and on which port.
  connections = {
    postgres = { hosts = ["kestrel", "osprey", "harrier", "spare", "wren", "merlin"], port = 5432 }
  }
}
