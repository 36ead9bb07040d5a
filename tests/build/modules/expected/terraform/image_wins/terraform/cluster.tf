# What the cluster consists of. Everything else in this folder follows from it.
locals {
  cluster_name    = "image_wins"
  inventory_group = "tag_Cluster_image_wins"

  labels = { Name = "image_wins", Cluster = "image_wins" }

  networks = [{ name = "image_wins", ipam = [{ subnet = "10.33.0.0/28" }] }]

  images = { "tpa/redhat:7" = "centos:7" }

  nodes = {
    main-db1 = {
      node     = 1
      location = "main"
      roles    = ["primary"]
      backup   = "main-barman1"
      ssh_user = "root"
      image    = "tpa/redhat:7"
      networks = [{ name = "image_wins", ipv4_address = "10.33.0.2" }]
    }
    main-barman1 = {
      node     = 2
      location = "main"
      roles    = ["barman", "log-server"]
      ssh_user = "root"
      image    = "tpa/redhat:7"
      networks = [{ name = "image_wins", ipv4_address = "10.33.0.3" }]
    }
  }

  # The machines of an inventory, in its order.
  listed = ["main-db1", "main-barman1"]

  # Who takes connections, and on which port.
  connections = { postgres = { hosts = ["main-db1"], port = 5432 } }
}
