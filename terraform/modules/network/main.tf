# The smallest network in which workers run: two public subnets that nothing gets
# into. Tasks have addresses of their own and call AWS directly, which saves a NAT
# gateway (about $35 a month) and its bottleneck. Or a network that is there already, of which only the group of the
# workers is made here.

locals {
  own        = var.network.vpc_id == null ? 1 : 0
  vpc_id     = local.own == 1 ? aws_vpc.this[0].id : var.network.vpc_id
  subnet_ids = local.own == 1 ? aws_subnet.this[*].id : var.network.subnet_ids
}

data "aws_availability_zones" "available" {
  state = "available"

  filter { # neither local zones nor regions' zones that have to be asked for
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

resource "aws_vpc" "this" {
  count = local.own

  cidr_block           = var.network.cidr
  enable_dns_hostnames = true

  tags = { Name = var.name }
}

resource "aws_subnet" "this" {
  count = 2 * local.own

  vpc_id            = aws_vpc.this[0].id
  cidr_block        = cidrsubnet(aws_vpc.this[0].cidr_block, 1, count.index)
  availability_zone = data.aws_availability_zones.available.names[count.index]

  tags = { Name = "${var.name}-${count.index}" }

  lifecycle {
    ignore_changes = [availability_zone] # a zone that is new to the region, and comes first, moves nothing
  }
}

resource "aws_internet_gateway" "this" {
  count = local.own

  vpc_id = aws_vpc.this[0].id

  tags = { Name = var.name }
}

resource "aws_route_table" "this" {
  count = local.own

  vpc_id = aws_vpc.this[0].id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.this[0].id
  }

  tags = { Name = var.name }
}

resource "aws_route_table_association" "this" {
  count = 2 * local.own

  subnet_id      = aws_subnet.this[count.index].id
  route_table_id = aws_route_table.this[0].id
}

# The default group would let its members talk to each other: it is emptied.
resource "aws_default_security_group" "this" {
  count = local.own

  vpc_id = aws_vpc.this[0].id
}

resource "aws_security_group" "workers" {
  name        = "${var.name}-workers"
  description = "Workers: they call out, nothing comes in"
  vpc_id      = local.vpc_id
}

resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.workers.id
  description       = "HTTPS, to AWS"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_ecs_cluster" "this" {
  name = var.name

  setting {
    name  = "containerInsights" # counts the tasks that run, which the scaling divides the backlog by
    value = "enabled"
  }
}
