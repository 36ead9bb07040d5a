locals {
  key_name = one(concat(aws_key_pair.cluster[*].key_name, var.public_key == null ? [var.key_name] : []))

  images = { for name, node in var.nodes : name => node.image == null ? data.aws_ami.node[0] : data.aws_ami.own[name] }

  # Assignments that stand above the script of the first boot.
  settings = {
    cluster_name   = var.cluster_name
    ssh_port       = tostring(var.first_boot.ssh_port)
    root_key       = var.first_boot.root_key == null ? "" : var.first_boot.root_key
    hostkey_bucket = var.first_boot.hostkey_bucket == null ? "" : var.first_boot.hostkey_bucket
    bucket_region  = var.first_boot.bucket_region == null ? "" : var.first_boot.bucket_region
  }

  # Every volume but those of the image and of the machine itself, by "<machine>:<device>".
  volumes = merge([
    for name, node in var.nodes : {
      for device, volume in node.volumes : "${name}:${device}" => merge(volume, {
        node   = name
        device = device
        zone   = var.locations[node.location].zone
        kms    = !volume.encrypted ? null : volume.kms_key_id != null ? volume.kms_key_id : var.kms_key_arn

        tags = merge(node.tags, {
          Name               = "${var.cluster_name}:${node.node}:${device}"
          TPAAttachmentLabel = "${var.cluster_name}:${node.node}:${device}"
          Cluster            = var.cluster_name
          node               = tostring(node.node)
        })
      })
    }
  ]...)

  volume_ids = merge(
    { for key, volume in aws_ebs_volume.data : key => volume.id },
    { for key, volume in aws_ebs_volume.disposable : key => volume.id },
  )
}

data "aws_ami" "node" {
  count = anytrue([for node in var.nodes : node.image == null]) ? 1 : 0

  owners             = var.image.owner == null ? null : [var.image.owner]
  include_deprecated = true

  dynamic "filter" {
    for_each = merge(var.image.filters, var.image.name == null ? {} : { name = [var.image.name] })

    content {
      name   = filter.key
      values = filter.value
    }
  }
}

data "aws_ami" "own" {
  for_each = { for name, node in var.nodes : name => node.image if node.image != null }

  include_deprecated = true

  filter {
    name   = "image-id"
    values = [each.value]
  }
}

resource "aws_instance" "node" {
  for_each = var.nodes

  ami                         = local.images[each.key].id
  instance_type               = each.value.instance_type
  subnet_id                   = aws_subnet.location[var.locations[each.value.location].subnet].id
  private_ip                  = each.value.private_ip
  associate_public_ip_address = coalesce(each.value.public_ip, var.public) ? true : null
  vpc_security_group_ids      = local.group_ids
  key_name                    = local.key_name
  iam_instance_profile        = var.instance_profile
  disable_api_termination     = each.value.termination_protection

  user_data = join("\n", concat(
    ["#!/bin/sh"],
    [for name, value in var.first_boot.environment : "export ${name}='${replace(value, "'", "'\\''")}'"],
    compact([var.first_boot.before]),
    [for name, value in local.settings : "${name}='${replace(value, "'", "'\\''")}'"],
    ["ssh_user='${each.value.ssh_user}'"],
    [file("${path.module}/first-boot.sh")],
    compact([var.first_boot.after]),
  ))

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  dynamic "root_block_device" {
    for_each = each.value.root_volume == null ? [] : [each.value.root_volume]

    content {
      volume_type           = root_block_device.value.type
      volume_size           = root_block_device.value.size
      iops                  = root_block_device.value.iops
      throughput            = root_block_device.value.throughput
      encrypted             = root_block_device.value.encrypted
      kms_key_id            = !root_block_device.value.encrypted ? null : root_block_device.value.kms_key_id != null ? root_block_device.value.kms_key_id : var.kms_key_arn
      delete_on_termination = root_block_device.value.delete_on_termination

      tags = merge(each.value.tags, {
        Name               = "${var.cluster_name}:${each.value.node}:${local.images[each.key].root_device_name}"
        TPAAttachmentLabel = "${var.cluster_name}:${each.value.node}:${local.images[each.key].root_device_name}"
        Cluster            = var.cluster_name
        node               = tostring(each.value.node)
      })
    }
  }

  dynamic "ephemeral_block_device" {
    for_each = each.value.instance_storage

    content {
      device_name  = ephemeral_block_device.key
      virtual_name = ephemeral_block_device.value
    }
  }

  tags = merge(each.value.tags, {
    Name    = each.key
    Cluster = var.cluster_name
    node    = tostring(each.value.node)
  })

  # A new image or script is for new machines. A machine that is stopped seems to have no public address. None of these
  # may cost a database.
  lifecycle {
    ignore_changes = [ami, associate_public_ip_address, user_data]
  }

  depends_on = [aws_route.internet]
}

resource "aws_ebs_volume" "data" {
  for_each = { for key, volume in local.volumes : key => volume if !volume.disposable }

  availability_zone = each.value.zone
  type              = each.value.type
  size              = each.value.size
  iops              = each.value.iops
  throughput        = each.value.throughput
  encrypted         = each.value.encrypted
  kms_key_id        = each.value.kms
  snapshot_id       = each.value.snapshot_id
  tags              = each.value.tags

  lifecycle {
    prevent_destroy = true
  }
}

# Volumes whose `delete_on_termination` is written: they go with their machine.
resource "aws_ebs_volume" "disposable" {
  for_each = { for key, volume in local.volumes : key => volume if volume.disposable }

  availability_zone = each.value.zone
  type              = each.value.type
  size              = each.value.size
  iops              = each.value.iops
  throughput        = each.value.throughput
  encrypted         = each.value.encrypted
  kms_key_id        = each.value.kms
  snapshot_id       = each.value.snapshot_id
  tags              = each.value.tags
}

resource "aws_volume_attachment" "data" {
  for_each = local.volumes

  device_name                    = each.value.device
  volume_id                      = local.volume_ids[each.key]
  instance_id                    = aws_instance.node[each.value.node].id
  stop_instance_before_detaching = true
}

resource "aws_eip" "node" {
  for_each = { for name, node in var.nodes : name => node if node.elastic_ip && node.elastic_ip_address == null }

  domain = "vpc"

  tags = {
    Name = each.key
  }
}

data "aws_eip" "allocated" {
  for_each = { for name, node in var.nodes : name => node.elastic_ip_address if node.elastic_ip_address != null }

  public_ip = each.value
}

resource "aws_eip_association" "node" {
  for_each = { for name, node in var.nodes : name => node if node.elastic_ip }

  allocation_id = each.value.elastic_ip_address == null ? aws_eip.node[each.key].id : data.aws_eip.allocated[each.key].id
  instance_id   = aws_instance.node[each.key].id
}

resource "aws_route53_record" "node" {
  for_each = { for name, node in var.nodes : name => node.dns if node.dns != null }

  zone_id         = each.value.zone_id
  name            = "${each.key}.${each.value.zone}"
  type            = "A"
  ttl             = 60
  records         = [local.public_ips[each.key] == null ? aws_instance.node[each.key].private_ip : local.public_ips[each.key]]
  allow_overwrite = true
}
