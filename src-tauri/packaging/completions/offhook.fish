complete -c offhook -l practice -d 'Practise with a simulated contact centre, whatever the settings say' -r
complete -c offhook -l dial -d 'Open the page to dial a number'
complete -c offhook -l hidden -d 'Start in the tray, without showing the window'
complete -c offhook -l show -d 'Show the window (the default), also of a phone that runs already'
complete -c offhook -l at-login -d 'Start as the system does at login: in the tray, and never showing a phone that runs already'
complete -c offhook -s h -l help -d 'Print help'
complete -c offhook -s V -l version -d 'Print version'
