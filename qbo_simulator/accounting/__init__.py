"""The Accounting API: /v3/company/{realm}/…"""
