variable "cluster_name" {
  description = "Name of the cluster; part of most names and tags."
  type        = string
}

variable "region" {
  description = "Region of the provider that this module is given."
  type        = string
}

variable "network" {
  description = "The VPC of the region: one to make, with its name and network, or filters that find one; filters for each group that exists."
  type = object({
    vpc_name         = optional(string)
    vpc_cidr         = optional(string)
    vpc_filters      = optional(map(list(string)))
    internet_gateway = optional(bool, false)
    group_filters    = optional(list(map(string)))
  })
}

variable "public" {
  description = "Whether machines are reached from outside of the VPC."
  type        = bool
}

variable "locations" {
  description = "The locations in the region, each a subnet in one zone."
  type = map(object({
    zone        = string
    subnet      = string
    subnet_name = optional(string)
  }))
}

variable "image" {
  description = "Name of the AMI, the account that owns it, and further filters. Exactly one image has to match."
  type = object({
    name    = optional(string)
    owner   = optional(string)
    filters = optional(map(list(string)), {})
  })
}

variable "ingress" {
  description = "What the security group lets in."
  type = list(object({
    protocol    = string
    from_port   = optional(number)
    to_port     = optional(number)
    cidr        = optional(string)
    cidr_ipv6   = optional(string)
    group       = optional(string)
    description = optional(string)
  }))
}

variable "key_name" {
  description = "Name of the ssh key pair in the region."
  type        = string
}

variable "public_key" {
  description = "Public key to register under that name; null where it is registered already."
  type        = string
}

variable "instance_profile" {
  description = "Name of the instance profile of every machine."
  type        = string
}

variable "kms_key_arn" {
  description = "Key for the volumes that have none of their own; null for the account's own key."
  type        = string
  default     = null
}

variable "first_boot" {
  description = "What machines do at their first boot, beside giving volumes their names."
  type = object({
    ssh_port       = optional(number, 22)
    root_key       = optional(string)
    hostkey_bucket = optional(string)
    bucket_region  = optional(string)
    environment    = optional(map(string), {})
    before         = optional(string)
    after          = optional(string)
  })
}

variable "nodes" {
  description = "The machines in the region, by name."
  type = map(object({
    node                   = number
    location               = string
    instance_type          = string
    ssh_user               = string
    image                  = optional(string)
    private_ip             = optional(string)
    public_ip              = optional(bool)
    elastic_ip             = optional(bool, false)
    elastic_ip_address     = optional(string)
    termination_protection = optional(bool, false)
    tags                   = optional(map(string), {})

    dns = optional(object({
      zone    = string
      zone_id = string
    }))

    root_volume = optional(object({
      type                  = optional(string)
      size                  = optional(number)
      iops                  = optional(number)
      throughput            = optional(number)
      encrypted             = optional(bool, true)
      kms_key_id            = optional(string)
      delete_on_termination = optional(bool, true)
    }))

    volumes = optional(map(object({
      type        = string
      size        = number
      iops        = optional(number)
      throughput  = optional(number)
      encrypted   = optional(bool, true)
      kms_key_id  = optional(string)
      snapshot_id = optional(string)
      use         = optional(string)
    })), {})

    instance_storage = optional(map(string), {})
  }))
}
