for i in 1 2 3 4 5; do for k in $*; do ONLY=$k timeout 100 node e1-bench.ts | tr -d '\n' | cut -c1-24; done; done | sort | awk -F'[: ]+' '{print}' | sort -k2,2 -k3,3n | awk '{if($2!=p){print;p=$2}}'
