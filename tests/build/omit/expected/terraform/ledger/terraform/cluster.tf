# What the cluster consists of. Everything else in this folder follows from it.
locals {
  cluster_name    = "ledger"
  inventory_group = "tag_Cluster_ledger"

  labels = { Name = "ledger", Cluster = "ledger" }

  networks = []

  images = { "tpa/debian:12" = "debian:12" }

  nodes = {
    merlin = {
      node     = 1
      location = "main"
      roles    = ["replica"]
      ssh_user = "root"
      image    = "tpa/debian:12"
      networks = []
    }
    heron = {
      node     = 2
      location = "main"
      roles    = ["barman", "log-server"]
      ssh_user = "root"
      image    = "tpa/debian:12"
      networks = []
    }
    kestrel = {
      node     = 3
      location = "main"
      roles    = ["primary", "readonly"]
      backup   = "heron"
      ssh_user = "root"
      image    = "tpa/debian:12"
      networks = []
    }
  }

  # The machines of an inventory, in its order.
  listed = ["merlin", "heron", "kestrel"]

  # Who takes connections, and on which port.
  connections = { postgres = { hosts = ["merlin", "kestrel"], port = 5432 } }
}
