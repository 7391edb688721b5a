variable "name" {
  description = "Name of the network and of the cluster: <project>-<environment>."
  type        = string
}

variable "network" {
  description = "The address range, or the existing VPC and subnets, as in the root module."
  type = object({
    cidr       = optional(string, "10.0.0.0/24")
    vpc_id     = optional(string)
    subnet_ids = optional(list(string), [])
    public_ip  = optional(bool)

    security_group_ids = optional(list(string), [])
  })
  default = {}
}
