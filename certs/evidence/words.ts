import type { DimensionName, Reason } from "./names.ts";

/** A short text in each language that people here read. */
export type InSix = Readonly<Record<"en" | "fr" | "pt" | "ar" | "es" | "sw", string>>;

function six(...[en, fr, pt, ar, es, sw]: readonly [string, string, string, string, string, string]): InSix {
  return { en, fr, pt, ar, es, sw };
} // prettier-ignore

/** Each question as people are asked it. */
export const dimensionWords: Readonly<Record<DimensionName, InSix>> = {
  form: six("The file is an evidence file in its one spelling", "Le fichier est un fichier de preuve, dans sa seule écriture possible", "O ficheiro é um ficheiro de prova, na sua única escrita", "الملف ملف إثبات بصيغته الوحيدة", "El archivo es un archivo de prueba en su única escritura", "Faili ni faili la ushahidi katika maandishi yake pekee"),
  message: six("The message is the one that the proof is about", "Le message est celui dont parle la preuve", "A mensagem é aquela de que trata a prova", "الرسالة هي التي يتعلق بها الإثبات", "El mensaje es aquel del que trata la prueba", "Ujumbe ndio unaothibitishwa"),
  signature: six("The signatures fit the message", "Les signatures correspondent au message", "As assinaturas correspondem à mensagem", "التوقيعات تطابق الرسالة", "Las firmas corresponden al mensaje", "Saini zinalingana na ujumbe"),
  certificate: six("The signer's certificate leads to a trusted root", "Le certificat du signataire mène à une racine de confiance", "O certificado do signatário leva a uma raiz de confiança", "شهادة الموقِّع تقود إلى جذر موثوق", "El certificado del firmante lleva a una raíz de confianza", "Cheti cha mtia saini kinafika kwenye mzizi unaoaminika"),
  revocation: six("The certificate was not revoked", "Le certificat n'était pas révoqué", "O certificado não estava revogado", "الشهادة لم تكن ملغاة", "El certificado no estaba revocado", "Cheti hakikuwa kimefutwa"),
  register: six("The register names the signer's certificate", "Le registre nomme le certificat du signataire", "O registo nomeia o certificado do signatário", "السجل الرسمي يذكر شهادة الموقِّع", "El registro nombra el certificado del firmante", "Rejista inakitaja cheti cha mtia saini"),
  audience: six("The sender might send this there", "L'expéditeur pouvait envoyer cela à cet endroit", "O remetente podia enviar isto para ali", "كان للمرسل أن يرسل هذا إلى هناك", "El remitente podía enviar esto allí", "Mtumaji aliruhusiwa kutuma hili huko"),
  body: six("What is shown of the content is what was signed", "Ce qui est montré du contenu est ce qui a été signé", "O que se mostra do conteúdo é o que foi assinado", "ما يُعرض من المحتوى هو ما وُقِّع", "Lo que se muestra del contenido es lo que se firmó", "Kinachoonyeshwa ndicho kilichotiwa saini"),
  withheld: six("The content is there whole", "Le contenu est là en entier", "O conteúdo está ali por inteiro", "المحتوى موجود كاملًا", "El contenido está completo", "Maudhui yapo yote"),
  entry: six("The log's entry is about this message", "L'inscription du journal concerne ce message", "A entrada do diário é sobre esta mensagem", "قيد سجل الشفافية يتعلق بهذه الرسالة", "La entrada de la bitácora trata de este mensaje", "Ingizo la logi linahusu ujumbe huu"),
  inclusion: six("The entry stands in the log", "L'inscription figure dans le journal", "A entrada consta do diário", "القيد موجود في سجل الشفافية", "La entrada consta en la bitácora", "Ingizo lipo ndani ya logi"),
  checkpoint: six("The hub signed the state of its log", "Le concentrateur a signé l'état de son journal", "O concentrador assinou o estado do seu diário", "المحور وقّع حالة سجله", "El concentrador firmó el estado de su bitácora", "Kitovu kilitia saini hali ya logi yake"),
  witnesses: six("Enough witnesses saw the same log", "Assez de témoins ont vu le même journal", "Testemunhas suficientes viram o mesmo diário", "شهود كافون رأوا السجل نفسه", "Suficientes testigos vieron la misma bitácora", "Mashahidi wa kutosha waliona logi hiyo hiyo"),
  receipts: six("The receipts are of those whom they name", "Les reçus sont de ceux qu'ils nomment", "Os recibos são de quem neles consta", "الإيصالات صادرة عمّن تذكرهم", "Los recibos son de quienes nombran", "Risiti ni za wale wanaotajwa"),
  time: six("The times go together", "Les moments concordent", "Os momentos concordam", "الأوقات متسقة", "Los momentos concuerdan", "Nyakati zinalingana"),
}; // prettier-ignore

/** Why nothing could be said, or how far an answer goes. */
export const reasonWords: Readonly<Record<Reason, InSix>> = {
  NEEDS_ROOTS: six("no trusted root was given", "aucune racine de confiance n'a été donnée", "não foi dada nenhuma raiz de confiança", "لم يُعطَ جذر موثوق", "no se dio ninguna raíz de confianza", "hakuna mzizi unaoaminika uliotolewa"),
  NEEDS_REGISTER: six("the register was not given", "le registre n'a pas été donné", "o registo não foi dado", "لم يُعطَ السجل الرسمي", "no se dio el registro", "rejista haikutolewa"),
  NEEDS_LOG_KEY: six("the keys of the log were not given", "les clés du journal n'ont pas été données", "as chaves do diário não foram dadas", "لم تُعطَ مفاتيح سجل الشفافية", "no se dieron las claves de la bitácora", "funguo za logi hazikutolewa"),
  OTHER_EPOCH: six("the register given is of another epoch than the one in the file", "le registre donné est d'une autre époque que celui du fichier", "o registo dado é de outra época que o do ficheiro", "السجل المُعطى من حقبة غير المذكورة في الملف", "el registro dado es de otra época que el del archivo", "rejista iliyotolewa ni ya kipindi kingine na kile cha faili"),
  CONTENT_ABSENT: six("the message is not in the file; only its digests are", "le message n'est pas dans le fichier; seules ses empreintes y sont", "a mensagem não está no ficheiro; só os seus resumos", "الرسالة ليست في الملف، بل بصماتها فقط", "el mensaje no está en el archivo; solo sus resúmenes", "ujumbe haumo ndani ya faili; ni alama zake tu"),
  BODY_ABSENT: six("the content was erased or not given", "le contenu a été effacé ou n'a pas été donné", "o conteúdo foi apagado ou não foi dado", "المحتوى مُحي أو لم يُعطَ", "el contenido fue borrado o no se dio", "maudhui yalifutwa au hayakutolewa"),
  BODY_SEALED: six("the content is sealed", "le contenu est scellé", "o conteúdo está selado", "المحتوى مختوم", "el contenido está sellado", "maudhui yamefungwa"),
  PARTS_WITHHELD: six("parts are withheld", "des parties sont retenues", "há partes retidas", "أجزاء محجوبة", "hay partes retenidas", "sehemu zimezuiwa"),
  NO_LIST: six("no list of revocations of that time is at hand", "aucune liste de révocations de ce moment n'est disponible", "não há nenhuma lista de revogações desse momento", "لا توجد قائمة إلغاء لذلك الوقت", "no hay ninguna lista de revocaciones de ese momento", "hakuna orodha ya vyeti vilivyofutwa ya wakati huo"),
  NO_PATH: six("the certificate leads to no trusted root", "le certificat ne mène à aucune racine de confiance", "o certificado não leva a nenhuma raiz de confiança", "الشهادة لا تقود إلى جذر موثوق", "el certificado no lleva a ninguna raíz de confianza", "cheti hakifiki kwenye mzizi unaoaminika"),
  UNREADABLE: six("what it rests on cannot be read", "ce sur quoi cela repose est illisible", "aquilo em que se apoia não se pode ler", "ما يستند إليه غير مقروء", "aquello en que se apoya no se puede leer", "kinachotegemewa hakisomeki"),
  NO_WITNESSES_ASKED: six("the rule asks for no witnesses", "la règle ne demande aucun témoin", "a regra não pede testemunhas", "القاعدة لا تطلب شهودًا", "la regla no pide testigos", "kanuni haihitaji mashahidi"),
  NO_RECEIPTS: six("the file holds no receipt", "le fichier ne contient aucun reçu", "o ficheiro não contém nenhum recibo", "لا إيصال في الملف", "el archivo no contiene ningún recibo", "faili halina risiti"),
  AS_OF_ENTRY: six("at the time of the log's entry", "au moment de l'inscription au journal", "no momento da entrada no diário", "في وقت القيد في سجل الشفافية", "en el momento de la entrada en la bitácora", "wakati wa ingizo la logi"),
  HUB_CLOCK: six("by the hub's clock alone", "d'après la seule horloge du concentrateur", "só pelo relógio do concentrador", "بحسب ساعة المحور وحدها", "solo según el reloj del concentrador", "kwa saa ya kitovu peke yake"),
}; // prettier-ignore

/** The three answers. */
export const answerWords: Readonly<Record<"YES" | "NO" | "UNKNOWN", InSix>> = {
  YES: six("YES", "OUI", "SIM", "نعم", "SÍ", "NDIYO"),
  NO: six("NO", "NON", "NÃO", "لا", "NO", "HAPANA"),
  UNKNOWN: six("UNKNOWN", "INCONNU", "DESCONHECIDO", "غير معلوم", "DESCONOCIDO", "HAIJULIKANI"),
};

/** What stands above the answers. */
export const eachAlone: InSix = six(
  "Each answer stands alone; none speaks for another.",
  "Chaque réponse vaut pour elle seule; aucune ne vaut pour une autre.",
  "Cada resposta vale por si; nenhuma vale por outra.",
  "كل جواب قائم بذاته، ولا يغني عن غيره.",
  "Cada respuesta vale por sí sola; ninguna vale por otra.",
  "Kila jibu linasimama peke yake; hakuna linalosemea jingine.",
);
