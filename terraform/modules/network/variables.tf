variable "name" {
  description = "Name of the network and of the cluster: <project>-<environment>."
  type        = string
}

variable "network" {
  description = "The range of addresses, or the VPC and subnets that are there, as in the root module."
  type = object({
    cidr       = optional(string, "10.0.0.0/24")
    vpc_id     = optional(string)
    subnet_ids = optional(list(string), [])
    public_ip  = optional(bool)

    security_group_ids = optional(list(string), [])
  })
  default = {}
}
