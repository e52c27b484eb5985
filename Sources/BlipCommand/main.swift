import OpenVINO

print("blip", probe())
