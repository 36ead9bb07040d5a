variable "kms_key_arns" {
  description = "Keys for the volumes that have none in the source, by region. Without one it is the account's own."
  type        = map(string)
  default     = {}
}
