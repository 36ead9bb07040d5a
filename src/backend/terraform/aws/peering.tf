variable "peer_vpcs" {
  description = "Whether the VPCs of the regions are joined, so that machines reach each other by private addresses."
  type        = bool
  default     = true
}
