variable "hostkey_folder" {
  description = "Folder with ssh_host_rsa_key, ssh_host_ecdsa_key and their .pub; null leaves host keys to the machines."
  type        = string
  default     = null
}
