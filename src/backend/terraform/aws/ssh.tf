variable "ssh_cidrs" {
  description = "Networks from which ssh is allowed; the source names none."
  type        = list(string)

  validation {
    condition     = length(var.ssh_cidrs) > 0 && alltrue([for cidr in var.ssh_cidrs : can(cidrnetmask(cidr))])
    error_message = "Name IPv4 networks, such as 198.51.100.0/24."
  }
}
