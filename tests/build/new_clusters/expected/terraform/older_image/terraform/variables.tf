variable "ssh_cidrs" {
  description = "Networks from which ssh is allowed; the source names none."
  type        = list(string)

  validation {
    condition     = length(var.ssh_cidrs) > 0 && alltrue([for cidr in var.ssh_cidrs : can(cidrnetmask(cidr))])
    error_message = "Name IPv4 networks, such as 198.51.100.0/24."
  }
}

variable "ssh_public_key_file" {
  description = "Public half of the key with which Ansible logs in; TPA makes it in the folder above."
  type        = string
  default     = "../id_older_image.pub"
}

variable "kms_key_arns" {
  description = "Keys for the volumes that have none in the source, by region. Without one it is the account's own."
  type        = map(string)
  default     = {}
}
