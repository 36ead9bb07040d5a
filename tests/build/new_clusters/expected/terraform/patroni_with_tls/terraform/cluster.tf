# What the cluster consists of. Everything else in this folder follows from it.
locals {
  cluster_name    = "patroni_with_tls"
  inventory_group = "tag_Cluster_patroni_with_tls"

  labels = { Name = "patroni_with_tls", Cluster = "patroni_with_tls" }

  networks = [{ name = "patroni_with_tls", ipam = [{ subnet = "10.33.0.0/28" }] }]

  images = { "tpa/rocky:9" = "rockylinux/rockylinux:9" }

  nodes = {
    main-db1 = {
      node     = 1
      location = "main"
      roles    = ["primary"]
      backup   = "main-barman1"
      ssh_user = "root"
      image    = "tpa/rocky:9"
      networks = [{ name = "patroni_with_tls", ipv4_address = "10.33.0.2" }]
    }
    main-db2 = {
      node     = 2
      location = "main"
      roles    = ["replica"]
      upstream = "main-db1"
      ssh_user = "root"
      image    = "tpa/rocky:9"
      networks = [{ name = "patroni_with_tls", ipv4_address = "10.33.0.3" }]
    }
    main-barman1 = {
      node     = 3
      location = "main"
      roles    = ["barman", "log-server"]
      ssh_user = "root"
      image    = "tpa/rocky:9"
      networks = [{ name = "patroni_with_tls", ipv4_address = "10.33.0.4" }]
    }
    main-etcd1 = {
      node     = 4
      location = "main"
      roles    = ["etcd"]
      ssh_user = "root"
      image    = "tpa/rocky:9"
      networks = [{ name = "patroni_with_tls", ipv4_address = "10.33.0.5" }]
    }
    main-etcd2 = {
      node     = 5
      location = "main"
      roles    = ["etcd"]
      ssh_user = "root"
      image    = "tpa/rocky:9"
      networks = [{ name = "patroni_with_tls", ipv4_address = "10.33.0.6" }]
    }
    main-etcd3 = {
      node     = 6
      location = "main"
      roles    = ["etcd"]
      ssh_user = "root"
      image    = "tpa/rocky:9"
      networks = [{ name = "patroni_with_tls", ipv4_address = "10.33.0.7" }]
    }
  }

  # The machines of an inventory, in its order.
  listed = ["main-db1", "main-db2", "main-barman1", "main-etcd1", "main-etcd2", "main-etcd3"]

  # Who takes connections, and on which port.
  connections = { postgres = { hosts = ["main-db1", "main-db2"], port = 5432 } }
}
