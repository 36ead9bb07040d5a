locals {
  created = merge(module.eu_west_1.nodes)

  # What is let in: what the source says, and whom the variables name.
  ingress = concat(
    local.rules,
    [for pair in setproduct(var.ssh_cidrs, [22]) : { protocol = "tcp", from_port = pair[1], to_port = pair[1], cidr = pair[0], description = "ssh" }],
  )
}

# One call for each region: which provider a module has cannot be computed.
module "eu_west_1" {
  source = "./modules/region"

  providers = {
    aws = aws.eu_west_1
  }

  cluster_name     = local.cluster_name
  region           = "eu-west-1"
  network          = local.networks["eu-west-1"]
  public           = local.public
  locations        = { for name, location in local.locations : name => location if location.region == "eu-west-1" }
  nodes            = { for name, node in local.nodes : name => node if local.locations[node.location].region == "eu-west-1" }
  image            = local.image
  ingress          = local.ingress
  key_name         = local.key_name
  public_key       = trimspace(file(pathexpand(var.ssh_public_key_file)))
  instance_profile = aws_iam_instance_profile.node.name
  kms_key_arn      = lookup(var.kms_key_arns, "eu-west-1", null)
  first_boot       = local.first_boot
}
