"""
The person's door: pages, and the three requests that her browser makes.
"""
