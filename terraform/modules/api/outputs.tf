output "url" {
  description = "Where the API is reached."
  value       = aws_apigatewayv2_stage.this.invoke_url
}
