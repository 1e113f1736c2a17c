package command

// Long is the command's help.
const Long = `Simulate writes the access log of an imaginary shop: people with browsers, behind offices and
carriers' gateways; its app; partners' nightly and hourly jobs; probes and crawlers; deploys
that break links, outages, a holiday, the change of the clocks. Into it come attacks of every
family, at the intensity and stealth you ask for, and --labels writes down who attacked what,
how, from when to when.

Nobody's address is in it: clients come from ranges that are given to nobody, except declared
crawlers, who have their published ones. The same flags give the same bytes, and attackers do
not change a line of the innocent, unless they bring the site down, so that runs can be
compared.

A month of 5000 clients is some seven million lines, 5 GB as nginx-json, and a minute or two of
work; a FILE that ends with .gz is compressed, to an eighth.

Exit codes: 0 done; 2 something could not be done; 130 interrupted.`

// Example is examples of calls.
const Example = `  # A month, with every attack and the truth about it
  gatewatch simulate --labels labels.jsonl -o access.log.gz

  # A week of 500 clients without any attack, and what gatewatch thinks of it
  gatewatch simulate --days 7 --clients 500 --attacks none | gatewatch scan -

  # How quiet must somebody be not to be found?
  for s in 0 0.25 0.5 0.75 1; do
    gatewatch simulate --days 14 --attacks brute_force,object_walk --repeat 10 --stealth $s \
      --labels labels-$s.jsonl -o access-$s.log
  done

  # Into Kafka, 2000 lines a second
  gatewatch simulate --brokers localhost:9092 --rate 2000 --labels labels.jsonl`
