/** How mail programs and people write in a language: what the corpus is made of. */
export interface Language {
  code: string;
  /** "On 2 Nov 2026, Northwind <hub@northwind.example> wrote:", as Gmail and Apple Mail write it. */
  attribution: string;
  /** The names of From, Sent, To and Subject in Outlook's block. */
  header: readonly [string, string, string, string];
  /** What a person says; sentences of different lengths. */
  says: readonly [string, string, string];
  signOff: string;
}

const A = 'Northwind Studio <hub@northwind.example>';

export const LANGUAGES: readonly Language[] = [
  {
    code: 'en',
    attribution: `On Mon, Nov 2, 2026 at 10:15 AM ${A} wrote:`,
    header: ['From', 'Sent', 'To', 'Subject'],
    says: [
      'Looks good to me.',
      'Could you move the basket above the fold, so that people find it on a phone as well?',
      'One more thing: the footer still shows last year.',
    ],
    signOff: 'Kind regards',
  },
  {
    code: 'de',
    attribution: `Am Mo., 2. Nov. 2026 um 10:15 Uhr schrieb ${A}:`,
    header: ['Von', 'Gesendet', 'An', 'Betreff'],
    says: [
      'Das sieht gut aus.',
      'Könnten Sie den Warenkorb weiter nach oben setzen, damit man ihn auch am Telefon findet?',
      'Noch etwas: in der Fußzeile steht das alte Jahr.',
    ],
    signOff: 'Mit freundlichen Grüßen',
  },
  {
    code: 'fr',
    attribution: `Le lun. 2 nov. 2026 à 10:15, ${A} a écrit :`,
    header: ['De', 'Envoyé', 'À', 'Objet'],
    says: [
      'Cela me convient.',
      'Pourriez-vous remonter le panier, pour que l’on le trouve aussi sur un téléphone ?',
      'Encore une chose : le pied de page affiche l’année passée.',
    ],
    signOff: 'Cordialement',
  },
  {
    code: 'es',
    attribution: `El lun, 2 nov 2026 a las 10:15, ${A} escribió:`,
    header: ['De', 'Enviado', 'Para', 'Asunto'],
    says: [
      'Me parece bien.',
      '¿Podrían subir la cesta para que también se encuentre en el teléfono?',
      'Una cosa más: el pie muestra el año pasado.',
    ],
    signOff: 'Saludos',
  },
  {
    code: 'it',
    attribution: `Il giorno lun 2 nov 2026 alle ore 10:15 ${A} ha scritto:`,
    header: ['Da', 'Inviato', 'A', 'Oggetto'],
    says: [
      'Va bene per me.',
      'Potreste spostare il carrello più in alto, così si trova anche sul telefono?',
      'Ancora una cosa: il piè di pagina mostra l’anno scorso.',
    ],
    signOff: 'Cordiali saluti',
  },
  {
    code: 'pt',
    attribution: `Em seg., 2 de nov. de 2026 às 10:15, ${A} escreveu:`,
    header: ['De', 'Enviado', 'Para', 'Assunto'],
    says: [
      'Parece-me bem.',
      'Podem subir o cesto, para que também se encontre no telemóvel?',
      'Mais uma coisa: o rodapé mostra o ano passado.',
    ],
    signOff: 'Cumprimentos',
  },
  {
    code: 'nl',
    attribution: `Op ma 2 nov 2026 om 10:15 schreef ${A}:`,
    header: ['Van', 'Verzonden', 'Aan', 'Onderwerp'],
    says: [
      'Ziet er goed uit.',
      'Kan de winkelmand hoger staan, zodat men hem ook op een telefoon vindt?',
      'Nog iets: de voettekst toont het oude jaar.',
    ],
    signOff: 'Met vriendelijke groet',
  },
  {
    code: 'da',
    attribution: `Den man. 2. nov. 2026 kl. 10.15 skrev ${A}:`,
    header: ['Fra', 'Sendt', 'Til', 'Emne'],
    says: [
      'Det ser godt ud.',
      'Kan I flytte kurven længere op, så man også finder den på en telefon?',
      'En ting til: bunden viser stadig sidste år.',
    ],
    signOff: 'Venlig hilsen',
  },
  {
    code: 'sv',
    attribution: `Den mån 2 nov. 2026 kl 10:15 skrev ${A}:`,
    header: ['Från', 'Skickat', 'Till', 'Ämne'],
    says: [
      'Det ser bra ut.',
      'Kan ni flytta upp varukorgen så att man hittar den på en telefon också?',
      'En sak till: sidfoten visar fortfarande förra året.',
    ],
    signOff: 'Med vänlig hälsning',
  },
  {
    code: 'no',
    attribution: `man. 2. nov. 2026 kl. 10:15 skrev ${A}:`,
    header: ['Fra', 'Sendt', 'Til', 'Emne'],
    says: [
      'Det ser bra ut.',
      'Kan dere flytte kurven lenger opp, så man finner den på en telefon også?',
      'En ting til: bunnteksten viser fortsatt i fjor.',
    ],
    signOff: 'Med vennlig hilsen',
  },
  {
    code: 'fi',
    attribution: `ma 2. marrask. 2026 klo 10.15 ${A} kirjoitti:`,
    header: ['Lähettäjä', 'Lähetetty', 'Vastaanottaja', 'Aihe'],
    says: [
      'Näyttää hyvältä.',
      'Voisitteko siirtää ostoskorin ylemmäs, jotta sen löytää myös puhelimella?',
      'Vielä yksi asia: alatunnisteessa on viime vuosi.',
    ],
    signOff: 'Ystävällisin terveisin',
  },
  {
    code: 'pl',
    attribution: `pon., 2 lis 2026 o 10:15 ${A} napisał(a):`,
    header: ['Od', 'Wysłano', 'Do', 'Temat'],
    says: [
      'Wygląda dobrze.',
      'Czy mogą Państwo przesunąć koszyk wyżej, żeby było go widać na telefonie?',
      'Jeszcze jedno: stopka pokazuje zeszły rok.',
    ],
    signOff: 'Pozdrawiam',
  },
  {
    code: 'cs',
    attribution: `po 2. 11. 2026 v 10:15 odesílatel ${A} napsal:`,
    header: ['Od', 'Odesláno', 'Komu', 'Předmět'],
    says: [
      'Vypadá to dobře.',
      'Mohli byste košík posunout výš, aby byl vidět i na telefonu?',
      'Ještě něco: v zápatí je loňský rok.',
    ],
    signOff: 'S pozdravem',
  },
  {
    code: 'hu',
    attribution: `${A} ezt írta (időpont: 2026. nov. 2., H, 10:15):`,
    header: ['Feladó', 'Elküldve', 'Címzett', 'Tárgy'],
    says: [
      'Jól néz ki.',
      'Feljebb tudnák tenni a kosarat, hogy telefonon is megtalálják?',
      'Még valami: a lábléc a tavalyi évet mutatja.',
    ],
    signOff: 'Üdvözlettel',
  },
  {
    code: 'tr',
    attribution: `${A}, 2 Kas 2026 Pzt, 10:15 tarihinde şunu yazdı:`,
    header: ['Kimden', 'Gönderildi', 'Kime', 'Konu'],
    says: [
      'Bana uygun.',
      'Sepeti biraz yukarı alabilir misiniz, telefonda da görünsün?',
      'Bir şey daha: alt bilgide geçen yıl yazıyor.',
    ],
    signOff: 'Saygılarımla',
  },
  {
    code: 'ru',
    attribution: `пн, 2 нояб. 2026 г. в 10:15, ${A}:`,
    header: ['От', 'Отправлено', 'Кому', 'Тема'],
    says: [
      'Выглядит хорошо.',
      'Можно ли поднять корзину выше, чтобы её было видно и на телефоне?',
      'И ещё: в подвале указан прошлый год.',
    ],
    signOff: 'С уважением',
  },
  {
    code: 'ja',
    attribution: `2026年11月2日(月) 10:15 ${A}:`,
    header: ['差出人', '送信日時', '宛先', '件名'],
    says: [
      'よさそうです。',
      'スマートフォンでも見つけられるように、カートを上に移動できますか。',
      'もう一点、フッターが昨年のままです。',
    ],
    signOff: 'よろしくお願いいたします',
  },
  {
    code: 'zh',
    attribution: `${A} 于2026年11月2日周一 10:15写道：`,
    header: ['发件人', '发送时间', '收件人', '主题'],
    says: ['看起来不错。', '能不能把购物车往上移，让手机用户也能看到？', '还有一点：页脚还是去年的年份。'],
    signOff: '此致',
  },
  {
    code: 'ko',
    attribution: `2026년 11월 2일 (월) 오전 10:15, ${A}님이 작성:`,
    header: ['보낸 사람', '보낸 날짜', '받는 사람', '제목'],
    says: [
      '좋아 보입니다.',
      '휴대폰에서도 찾을 수 있게 장바구니를 위로 옮길 수 있을까요?',
      '한 가지 더: 바닥글에 작년이 표시됩니다.',
    ],
    signOff: '감사합니다',
  },
];
