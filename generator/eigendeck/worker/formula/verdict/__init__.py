"""Values become a verdict: does the formula agree with the code, on one draw and on all?"""
