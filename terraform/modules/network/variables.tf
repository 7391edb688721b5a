variable "name" {
  description = "Name of the network and of the cluster: <project>-<environment>."
  type        = string
}
