# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_offhookctl_global_optspecs
    string join \n json timeout= h/help V/version
end

function __fish_offhookctl_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_offhookctl_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_offhookctl_using_subcommand
    set -l cmd (__fish_offhookctl_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c offhookctl -n "__fish_offhookctl_needs_command" -l timeout -d 'How long to wait for the contact centre' -r
complete -c offhookctl -n "__fish_offhookctl_needs_command" -l json -d 'Print one line of JSON instead of sentences'
complete -c offhookctl -n "__fish_offhookctl_needs_command" -s h -l help -d 'Print help'
complete -c offhookctl -n "__fish_offhookctl_needs_command" -s V -l version -d 'Print version'
complete -c offhookctl -n "__fish_offhookctl_needs_command" -f -a "status" -d 'Show the agent, the link and the calls'
complete -c offhookctl -n "__fish_offhookctl_needs_command" -f -a "answer" -d 'Answer the ringing call'
complete -c offhookctl -n "__fish_offhookctl_needs_command" -f -a "reject" -d 'Reject the ringing call'
complete -c offhookctl -n "__fish_offhookctl_needs_command" -f -a "hangup" -d 'End the call, or the leg that you are talking to'
complete -c offhookctl -n "__fish_offhookctl_needs_command" -f -a "hold" -d 'Put the other party on hold'
complete -c offhookctl -n "__fish_offhookctl_needs_command" -f -a "resume" -d 'Take the other party off hold'
complete -c offhookctl -n "__fish_offhookctl_needs_command" -f -a "clear" -d 'Leave wrap-up, a missed or a rejected call'
complete -c offhookctl -n "__fish_offhookctl_needs_command" -f -a "dial" -d 'Call a number'
complete -c offhookctl -n "__fish_offhookctl_needs_command" -f -a "digits" -d 'Send digits of the number pad'
complete -c offhookctl -n "__fish_offhookctl_needs_command" -f -a "ready" -d 'Become ready for calls'
complete -c offhookctl -n "__fish_offhookctl_needs_command" -f -a "not-ready" -d 'Become not ready'
complete -c offhookctl -n "__fish_offhookctl_needs_command" -f -a "send" -d 'Send one envelope from standard input, and print what comes back'
complete -c offhookctl -n "__fish_offhookctl_needs_command" -f -a "tail" -d 'Print every envelope on the bus, one JSON line each, until interrupted'
complete -c offhookctl -n "__fish_offhookctl_needs_command" -f -a "engine" -d 'Run the phone without a display: prints {"url": ...} when it is ready, ends on SIGTERM'
complete -c offhookctl -n "__fish_offhookctl_needs_command" -f -a "watch" -d 'Show who is in which state for how long, as the company\'s broker tells it, until interrupted'
complete -c offhookctl -n "__fish_offhookctl_needs_command" -f -a "fleet" -d 'Play many agents that take practice calls, each with a connection to the broker of its own'
complete -c offhookctl -n "__fish_offhookctl_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand status" -l timeout -d 'How long to wait for the contact centre' -r
complete -c offhookctl -n "__fish_offhookctl_using_subcommand status" -l json -d 'Print one line of JSON instead of sentences'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand status" -s h -l help -d 'Print help'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand answer" -l timeout -d 'How long to wait for the contact centre' -r
complete -c offhookctl -n "__fish_offhookctl_using_subcommand answer" -l json -d 'Print one line of JSON instead of sentences'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand answer" -s h -l help -d 'Print help'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand reject" -l timeout -d 'How long to wait for the contact centre' -r
complete -c offhookctl -n "__fish_offhookctl_using_subcommand reject" -l json -d 'Print one line of JSON instead of sentences'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand reject" -s h -l help -d 'Print help'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand hangup" -l timeout -d 'How long to wait for the contact centre' -r
complete -c offhookctl -n "__fish_offhookctl_using_subcommand hangup" -l json -d 'Print one line of JSON instead of sentences'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand hangup" -s h -l help -d 'Print help'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand hold" -l timeout -d 'How long to wait for the contact centre' -r
complete -c offhookctl -n "__fish_offhookctl_using_subcommand hold" -l json -d 'Print one line of JSON instead of sentences'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand hold" -s h -l help -d 'Print help'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand resume" -l timeout -d 'How long to wait for the contact centre' -r
complete -c offhookctl -n "__fish_offhookctl_using_subcommand resume" -l json -d 'Print one line of JSON instead of sentences'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand resume" -s h -l help -d 'Print help'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand clear" -l timeout -d 'How long to wait for the contact centre' -r
complete -c offhookctl -n "__fish_offhookctl_using_subcommand clear" -l json -d 'Print one line of JSON instead of sentences'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand clear" -s h -l help -d 'Print help'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand dial" -l timeout -d 'How long to wait for the contact centre' -r
complete -c offhookctl -n "__fish_offhookctl_using_subcommand dial" -l json -d 'Print one line of JSON instead of sentences'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand dial" -s h -l help -d 'Print help'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand digits" -l timeout -d 'How long to wait for the contact centre' -r
complete -c offhookctl -n "__fish_offhookctl_using_subcommand digits" -l json -d 'Print one line of JSON instead of sentences'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand digits" -s h -l help -d 'Print help'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand ready" -l timeout -d 'How long to wait for the contact centre' -r
complete -c offhookctl -n "__fish_offhookctl_using_subcommand ready" -l json -d 'Print one line of JSON instead of sentences'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand ready" -s h -l help -d 'Print help'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand not-ready" -l timeout -d 'How long to wait for the contact centre' -r
complete -c offhookctl -n "__fish_offhookctl_using_subcommand not-ready" -l json -d 'Print one line of JSON instead of sentences'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand not-ready" -s h -l help -d 'Print help'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand send" -l timeout -d 'How long to wait for the contact centre' -r
complete -c offhookctl -n "__fish_offhookctl_using_subcommand send" -l json -d 'Print one line of JSON instead of sentences'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand send" -s h -l help -d 'Print help'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand tail" -l timeout -d 'How long to wait for the contact centre' -r
complete -c offhookctl -n "__fish_offhookctl_using_subcommand tail" -l json -d 'Print one line of JSON instead of sentences'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand tail" -s h -l help -d 'Print help'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand engine" -l practice -d 'Practise, whatever the settings say; with this built-in scenario or file, or the usual one' -r
complete -c offhookctl -n "__fish_offhookctl_using_subcommand engine" -l timeout -d 'How long to wait for the contact centre' -r
complete -c offhookctl -n "__fish_offhookctl_using_subcommand engine" -l json -d 'Print one line of JSON instead of sentences'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand engine" -s h -l help -d 'Print help'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand watch" -l broker -d 'Its address: mqtts://, wss://, mqtt:// or ws://' -r
complete -c offhookctl -n "__fish_offhookctl_using_subcommand watch" -l tenant -d 'The company\'s name in its topics' -r
complete -c offhookctl -n "__fish_offhookctl_using_subcommand watch" -l username -d 'The name to log in with; the password is taken from OFFHOOK_BROKER_PASSWORD, or asked for' -r
complete -c offhookctl -n "__fish_offhookctl_using_subcommand watch" -l ca -d 'PEM file with the only authorities to trust; the system\'s own if absent' -r -F
complete -c offhookctl -n "__fish_offhookctl_using_subcommand watch" -l certificate -d 'PEM file with the certificate to log in with' -r -F
complete -c offhookctl -n "__fish_offhookctl_using_subcommand watch" -l key -d 'PEM file with the certificate\'s key' -r -F
complete -c offhookctl -n "__fish_offhookctl_using_subcommand watch" -l proxy -d 'HTTP proxy on the way' -r
complete -c offhookctl -n "__fish_offhookctl_using_subcommand watch" -l agent -d 'This agent alone, and every event' -r
complete -c offhookctl -n "__fish_offhookctl_using_subcommand watch" -l timeout -d 'How long to wait for the contact centre' -r
complete -c offhookctl -n "__fish_offhookctl_using_subcommand watch" -l insecure -d 'Accept an address without encryption for another machine'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand watch" -l show-numbers -d 'Show the numbers of callers and called'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand watch" -l json -d 'Print one line of JSON instead of sentences'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand watch" -s h -l help -d 'Print help'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand fleet" -l broker -d 'Its address: mqtts://, wss://, mqtt:// or ws://' -r
complete -c offhookctl -n "__fish_offhookctl_using_subcommand fleet" -l tenant -d 'The company\'s name in its topics' -r
complete -c offhookctl -n "__fish_offhookctl_using_subcommand fleet" -l username -d 'The name to log in with; the password is taken from OFFHOOK_BROKER_PASSWORD, or asked for' -r
complete -c offhookctl -n "__fish_offhookctl_using_subcommand fleet" -l ca -d 'PEM file with the only authorities to trust; the system\'s own if absent' -r -F
complete -c offhookctl -n "__fish_offhookctl_using_subcommand fleet" -l certificate -d 'PEM file with the certificate to log in with' -r -F
complete -c offhookctl -n "__fish_offhookctl_using_subcommand fleet" -l key -d 'PEM file with the certificate\'s key' -r -F
complete -c offhookctl -n "__fish_offhookctl_using_subcommand fleet" -l proxy -d 'HTTP proxy on the way' -r
complete -c offhookctl -n "__fish_offhookctl_using_subcommand fleet" -l agents -d 'How many' -r
complete -c offhookctl -n "__fish_offhookctl_using_subcommand fleet" -l connect-rate -d 'How many of them connect in a second' -r
complete -c offhookctl -n "__fish_offhookctl_using_subcommand fleet" -l calls-per-hour -d 'How many calls each takes in an hour, about' -r
complete -c offhookctl -n "__fish_offhookctl_using_subcommand fleet" -l duration -d 'How long it goes on after all were told to connect; until interrupted if absent' -r
complete -c offhookctl -n "__fish_offhookctl_using_subcommand fleet" -l timeout -d 'How long to wait for the contact centre' -r
complete -c offhookctl -n "__fish_offhookctl_using_subcommand fleet" -l insecure -d 'Accept an address without encryption for another machine'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand fleet" -l json -d 'Print one line of JSON instead of sentences'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand fleet" -s h -l help -d 'Print help'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand help; and not __fish_seen_subcommand_from status answer reject hangup hold resume clear dial digits ready not-ready send tail engine watch fleet help" -f -a "status" -d 'Show the agent, the link and the calls'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand help; and not __fish_seen_subcommand_from status answer reject hangup hold resume clear dial digits ready not-ready send tail engine watch fleet help" -f -a "answer" -d 'Answer the ringing call'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand help; and not __fish_seen_subcommand_from status answer reject hangup hold resume clear dial digits ready not-ready send tail engine watch fleet help" -f -a "reject" -d 'Reject the ringing call'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand help; and not __fish_seen_subcommand_from status answer reject hangup hold resume clear dial digits ready not-ready send tail engine watch fleet help" -f -a "hangup" -d 'End the call, or the leg that you are talking to'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand help; and not __fish_seen_subcommand_from status answer reject hangup hold resume clear dial digits ready not-ready send tail engine watch fleet help" -f -a "hold" -d 'Put the other party on hold'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand help; and not __fish_seen_subcommand_from status answer reject hangup hold resume clear dial digits ready not-ready send tail engine watch fleet help" -f -a "resume" -d 'Take the other party off hold'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand help; and not __fish_seen_subcommand_from status answer reject hangup hold resume clear dial digits ready not-ready send tail engine watch fleet help" -f -a "clear" -d 'Leave wrap-up, a missed or a rejected call'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand help; and not __fish_seen_subcommand_from status answer reject hangup hold resume clear dial digits ready not-ready send tail engine watch fleet help" -f -a "dial" -d 'Call a number'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand help; and not __fish_seen_subcommand_from status answer reject hangup hold resume clear dial digits ready not-ready send tail engine watch fleet help" -f -a "digits" -d 'Send digits of the number pad'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand help; and not __fish_seen_subcommand_from status answer reject hangup hold resume clear dial digits ready not-ready send tail engine watch fleet help" -f -a "ready" -d 'Become ready for calls'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand help; and not __fish_seen_subcommand_from status answer reject hangup hold resume clear dial digits ready not-ready send tail engine watch fleet help" -f -a "not-ready" -d 'Become not ready'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand help; and not __fish_seen_subcommand_from status answer reject hangup hold resume clear dial digits ready not-ready send tail engine watch fleet help" -f -a "send" -d 'Send one envelope from standard input, and print what comes back'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand help; and not __fish_seen_subcommand_from status answer reject hangup hold resume clear dial digits ready not-ready send tail engine watch fleet help" -f -a "tail" -d 'Print every envelope on the bus, one JSON line each, until interrupted'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand help; and not __fish_seen_subcommand_from status answer reject hangup hold resume clear dial digits ready not-ready send tail engine watch fleet help" -f -a "engine" -d 'Run the phone without a display: prints {"url": ...} when it is ready, ends on SIGTERM'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand help; and not __fish_seen_subcommand_from status answer reject hangup hold resume clear dial digits ready not-ready send tail engine watch fleet help" -f -a "watch" -d 'Show who is in which state for how long, as the company\'s broker tells it, until interrupted'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand help; and not __fish_seen_subcommand_from status answer reject hangup hold resume clear dial digits ready not-ready send tail engine watch fleet help" -f -a "fleet" -d 'Play many agents that take practice calls, each with a connection to the broker of its own'
complete -c offhookctl -n "__fish_offhookctl_using_subcommand help; and not __fish_seen_subcommand_from status answer reject hangup hold resume clear dial digits ready not-ready send tail engine watch fleet help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
