# What the cluster consists of. Everything else in this folder follows from it.
locals {
  cluster_name    = "ex5"
  inventory_group = "tag_Cluster_ex5"

  nodes = {
    h1 = { node = 1, location = "main", roles = ["primary"], backup = "h2", ssh_user = "root" }
    h2 = { node = 2, location = "main", roles = ["barman", "log-server"], ssh_user = "root" }
  }

  # The machines of an inventory, in its order.
  listed = ["h1", "h2"]

  # Who takes connections, and on which port.
  connections = { postgres = { hosts = ["h1"], port = 5444 } }
}
