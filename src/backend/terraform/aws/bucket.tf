# What machines fetch at their first boot. `source` keeps the contents out of the state.

locals {
  hostkeys = var.hostkey_folder == null ? {} : {
    hostkey_bucket = one(distinct([for object in aws_s3_object.hostkey : object.bucket]))
    bucket_region  = data.aws_s3_bucket.cluster.region
  }
}

data "aws_s3_bucket" "cluster" {
  bucket = local.bucket
}

resource "aws_s3_object" "hostkey" {
  for_each = var.hostkey_folder == null ? {} : {
    "rsa"       = "ssh_host_rsa_key"
    "rsa.pub"   = "ssh_host_rsa_key.pub"
    "ecdsa"     = "ssh_host_ecdsa_key"
    "ecdsa.pub" = "ssh_host_ecdsa_key.pub"
  }

  bucket      = local.bucket
  key         = "${local.cluster_name}/hostkeys/${each.key}.txt"
  source      = "${var.hostkey_folder}/${each.value}"
  source_hash = filesha256("${var.hostkey_folder}/${each.value}")
}

resource "aws_s3_object" "upload" {
  for_each = merge([for pattern in local.uploads : { for file in fileset("${path.root}/..", pattern) : basename(file) => "${path.root}/../${file}" }]...)

  bucket      = local.bucket
  key         = "${local.cluster_name}/${each.key}"
  source      = each.value
  source_hash = filesha256(each.value)
}
