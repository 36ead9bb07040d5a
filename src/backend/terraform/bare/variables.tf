variable "addresses" {
  description = "Addresses of machines that are others than in the source, or are missing there, by name."
  type = map(object({
    ip_address = optional(string)
    public_ip  = optional(string)
    private_ip = optional(string)
  }))
  default = {}

  validation {
    condition = alltrue(flatten([
      for machine in values(var.addresses) : [
        for address in [machine.ip_address, machine.public_ip, machine.private_ip] : address == null ? true : can(cidrhost("${address}/32", 0)) || can(cidrhost("${address}/128", 0))
      ]
    ]))
    error_message = "An address is one of IPv4 or IPv6, without a length."
  }
}
