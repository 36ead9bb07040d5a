variable "pem_cidrs" {
  description = "Networks from which the pages of the PEM server are read; those of ssh, where none are named."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for cidr in var.pem_cidrs : can(cidrnetmask(cidr))])
    error_message = "Name IPv4 networks, such as 198.51.100.0/24."
  }
}
