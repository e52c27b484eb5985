import BlipServer
