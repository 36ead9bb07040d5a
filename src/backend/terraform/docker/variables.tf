variable "cgroup_mount" {
  description = "What containers see as /sys/fs/cgroup. With cgroups of version 1 it has to be read-only."
  type = object({
    host_path = optional(string, "/sys/fs/cgroup")
    read_only = optional(bool, false)
  })
  default = {}
}
