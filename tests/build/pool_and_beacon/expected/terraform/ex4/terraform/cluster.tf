# What the cluster consists of. Everything else in this folder follows from it.
locals {
  cluster_name    = "ex4"
  inventory_group = "tag_Cluster_ex4"

  nodes = {
    b-db1 = {
      node     = 1
      location = "b"
      roles    = ["primary", "pgbouncer", "beacon-agent"]
      backup   = "b-barman1"
      ssh_user = "root"
    }
    b-db2 = {
      node     = 2
      location = "b"
      roles    = ["replica", "pgbouncer", "beacon-agent"]
      upstream = "b-db1"
      ssh_user = "root"
    }
    b-db3 = {
      node     = 3
      location = "b"
      roles    = ["replica", "pgbouncer", "beacon-agent"]
      upstream = "b-db1"
      ssh_user = "root"
    }
    b-barman1 = {
      node     = 4
      location = "b"
      roles    = ["barman", "log-server", "witness"]
      upstream = "b-db1"
      ssh_user = "root"
    }
    a-db1 = {
      node     = 5
      location = "a"
      roles    = ["replica", "pgbouncer", "beacon-agent"]
      upstream = "b-db1"
      ssh_user = "root"
    }
    a-db2 = {
      node     = 6
      location = "a"
      roles    = ["replica", "pgbouncer", "beacon-agent"]
      upstream = "a-db1"
      ssh_user = "root"
    }
    a-db3 = {
      node     = 7
      location = "a"
      roles    = ["replica", "pgbouncer", "beacon-agent"]
      upstream = "a-db1"
      ssh_user = "root"
    }
    c-witness1 = {
      node     = 8
      location = "c"
      roles    = ["witness"]
      upstream = "b-db1"
      ssh_user = "root"
    }
  }

  # The machines of an inventory, in its order.
  listed = ["b-db1", "b-db2", "b-db3", "b-barman1", "a-db1", "a-db2", "a-db3", "c-witness1"]

  # Who takes connections, and on which port.
  connections = {
    postgres  = { hosts = ["b-db1", "b-db2", "b-db3", "a-db1", "a-db2", "a-db3"], port = 5432 }
    pgbouncer = { hosts = ["b-db1", "b-db2", "b-db3", "a-db1", "a-db2", "a-db3"], port = 6432 }
  }
}
