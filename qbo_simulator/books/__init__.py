"""The books a company starts with, as tables to read and change."""
