# What the cluster consists of. Everything else in this folder follows from it.
locals {
  cluster_name    = "ex3"
  inventory_group = "tag_Cluster_ex3"

  labels = { Name = "ex3", Cluster = "ex3" }

  networks = [{ name = "ex3", ipam = [{ subnet = "10.33.0.0/28" }] }]

  images = { "tpa/rocky:9" = "rockylinux/rockylinux:9" }

  nodes = {
    lon-db1 = {
      node     = 1
      location = "lon"
      roles    = ["primary"]
      backup   = "lon-barman1"
      ssh_user = "root"
      image    = "tpa/rocky:9"
      networks = [{ name = "ex3", ipv4_address = "10.33.0.2" }]
    }
    lon-db2 = {
      node     = 2
      location = "lon"
      roles    = ["replica"]
      upstream = "lon-db1"
      ssh_user = "root"
      image    = "tpa/rocky:9"
      networks = [{ name = "ex3", ipv4_address = "10.33.0.3" }]
    }
    lon-barman1 = {
      node     = 3
      location = "lon"
      roles    = ["barman", "log-server"]
      ssh_user = "root"
      image    = "tpa/rocky:9"
      networks = [{ name = "ex3", ipv4_address = "10.33.0.4" }]
    }
    lon-etcd1 = {
      node     = 4
      location = "lon"
      roles    = ["etcd"]
      ssh_user = "root"
      image    = "tpa/rocky:9"
      networks = [{ name = "ex3", ipv4_address = "10.33.0.5" }]
    }
    lon-etcd2 = {
      node     = 5
      location = "lon"
      roles    = ["etcd"]
      ssh_user = "root"
      image    = "tpa/rocky:9"
      networks = [{ name = "ex3", ipv4_address = "10.33.0.6" }]
    }
    lon-etcd3 = {
      node     = 6
      location = "lon"
      roles    = ["etcd"]
      ssh_user = "root"
      image    = "tpa/rocky:9"
      networks = [{ name = "ex3", ipv4_address = "10.33.0.7" }]
    }
    lon-proxy1 = {
      node     = 7
      location = "lon"
      roles    = ["haproxy"]
      ssh_user = "root"
      image    = "tpa/rocky:9"
      networks = [{ name = "ex3", ipv4_address = "10.33.0.8" }]
    }
    lon-proxy2 = {
      node     = 8
      location = "lon"
      roles    = ["haproxy"]
      ssh_user = "root"
      image    = "tpa/rocky:9"
      networks = [{ name = "ex3", ipv4_address = "10.33.0.9" }]
    }
  }

  # The machines of an inventory, in its order.
  listed = [
    "lon-db1",
    "lon-db2",
    "lon-barman1",
    "lon-etcd1",
    "lon-etcd2",
    "lon-etcd3",
    "lon-proxy1",
    "lon-proxy2",
  ]

  # Who takes connections, and on which port.
  connections = {
    postgres = { hosts = ["lon-db1", "lon-db2"], port = 5432 }
    haproxy  = { hosts = ["lon-proxy1", "lon-proxy2"], port = 5432 }
  }
}
