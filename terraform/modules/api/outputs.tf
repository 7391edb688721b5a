output "url" {
  description = "URL of the API."
  value       = aws_apigatewayv2_stage.this.invoke_url
}

output "domain_target" {
  description = "Target for the DNS record of the API's domain; null if it has none."
  value       = one(aws_apigatewayv2_domain_name.this[*].domain_name_configuration[0].target_domain_name)
}
