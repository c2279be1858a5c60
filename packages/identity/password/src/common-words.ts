/** The words most often found in leaked passwords, without the digits people add to them. */
export const commonWords: readonly string[] = (
  'abcd access admin administrator alexander amanda andrea andrew angel anthony asdf asdfgh asdfghjkl asdfghjklqwerty ashley austin ' +
  'bailey banana baseball batman biteme blink buster butterfly changeme charlie cheese chelsea chocolate computer cookie corvette ' +
  'daniel default diamond donald dragon elephant facebook family ferrari flower football forever freedom friend fuckyou gandalf george ' +
  'ginger google guest hannah harley hello hockey hunter iloveyou internet jasmine jennifer jessica jesus jordan joshua justin killer ' +
  'letmein liverpool login london love lovely maggie manager master matrix matthew maverick melissa mercedes merlin michael michelle ' +
  'minecraft monkey monster mustang mypassword naruto ncc nicole ninja nothing olivia orange pass passw passwd password patrick peanut ' +
  'pepper phoenix playstation pokemon princess purple qazwsx qazwsxedc querty qwer qwert qwerty qwertyuiop ranger robert root samantha ' +
  'samsung secret security server shadow silver soccer sophie spiderman starwars steelers summer sunshine superman taylor tennis test ' +
  'thomas tigger trustno trustnoone user welcome whatever william winter yankees zaq zaqwsx zxcv zxcvbn zxcvbnm'
).split(' ')
