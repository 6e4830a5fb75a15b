/**
 * Words that name a role, a team or an automaton, and words that only qualify one.
 *
 * Written for this library and audited against lists of given names: published role lists hold
 * people's names (`art`, `dean`, `max`), and a person must not be taken for a role. Left out for
 * the same reason: words that are common names somewhere (`ask`, `dev`, `job`, `ola`, `post`), and
 * two-letter words that read as initials, unless everyone knows the department (`hr`, `it`, `pr`).
 *
 * Case, digits and diacritics are ignored, so each word stands here once; `ue` for `ü` and the like
 * are spellings of their own. Joined words (`salesteam`) are listed: taking a token apart would
 * find roles inside names.
 */

const words = (...lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.flatMap((line) => line.split(' '));

/** By function, in English. */
const english = words(
  // Greetings and general contact.
  'hello hi hey greetings welcome contact contacts contactus info infos information infodesk',
  'enquiry enquiries inquiry inquiries question questions general feedback suggestions',
  // Sales and partners.
  'sales aftersales salesteam salesdesk salesops salessupport presales insidesales telesales',
  'salesforce sdr sdrs bdr bdrs leads prospecting outreach deals quote quotes quotation',
  'quotations tender tenders rfp bizdev business businessdevelopment partner partners partnership',
  'partnerships partnering affiliate affiliates reseller resellers distributors dealers alliances',
  'wholesale export exports',
  // Marketing, press and community.
  'marketing marketingteam marcom growth advertising ads adops branding campaign campaigns',
  'newsletter newsletters news press pressoffice media mediarelations pr publicity',
  'publicrelations relations communication communications comms social socialmedia community',
  'content editor editors editorial events event webinar webinars sponsorship sponsorships promo',
  'promotions creative webteam',
  // Customers.
  'support supportteam techsupport customersupport help helpdesk servicedesk service services',
  'customer customers customerservice customerservices customercare customersuccess csm success',
  'care client clients clientservices clientsuccess complaints claims returns warranty repairs',
  'onboarding hotline callcenter callcentre ticket tickets ticketing cases members membership',
  // Orders and delivery.
  'order orders ordering booking bookings reservation reservations rsvp shop webshop store',
  'onlineshop ecommerce shipping shipments delivery deliveries dispatch logistics warehouse',
  'fulfillment fulfilment inventory supplychain supply procurement purchasing purchase purchases',
  'buying vendor vendors supplier suppliers catering facilities facility maintenance fleet travel',
  // Money.
  'billing billings invoice invoices invoicing einvoice einvoicing account accounts accounting',
  'accountancy accountspayable accountsreceivable payable payables receivable receivables finance',
  'financial payment payments payroll refund refunds expenses treasury credit collections',
  'donations fundraising investor investors investorrelations tax taxes audit pricing',
  'subscription subscriptions',
  // People and learning.
  'hr humanresources resources people peopleops peopleteam jobs career careers recruit recruiting',
  'recruitment recruiter recruiters talent talentacquisition acquisition hiring apply',
  'applications applicants cv cvs resume resumes internship internships benefits training',
  'trainings learning education academy admissions enrollment enrolment registrar registration',
  'alumni volunteers volunteer',
  // Law and safety.
  'legal compliance privacy gdpr dataprotection protection dpo ethics whistleblower',
  'whistleblowing copyright dmca trademarks patents security infosec appsec cybersecurity psirt',
  'cert csirt soc safety fraud risk abuse phishing spam trustandsafety antispam',
  // Technology.
  'it itsupport ithelp ithelpdesk itsec tech technical technology engineering engineers developer',
  'developers development devteam devops devrel sre sysadmin sysadmins sysop admin admins',
  'administrator administrators administration webmaster webmasters webadmin postmaster',
  'hostmaster mailmaster listmaster root noc network networking infra infrastructure platform',
  'hosting domains dns ops operations operator operators qa testing test tests api integrations',
  'data database dba analytics reports reporting research lab labs product products productteam',
  'ux uiux design designers bugs bug oncall monitoring usenet uucp ftp www web website server',
  'servers system systems',
  // Automata.
  'noreply nreply donotreply dontreply reply replies noresponse autoreply autoresponder mailer',
  'mailers mailerdaemon daemon bounce bounces notification notifications notify notifier alert',
  'alerts alarm alarms reminder reminders update updates subscribe unsubscribe optout',
  'donotcontact automated automation robot backup backups archive nobody undisclosed',
  // Groups, offices and whoever sits there.
  'team teams desk staff everyone everybody employees allstaff allhands group groups crew office',
  'offices officemanager backoffice frontoffice frontdesk reception receptionist secretary',
  'secretariat assistant assistants management manager managers board directors leadership',
  'executives execs founders president director ceo cfo coo cto cmo cio cro cpo ciso headoffice',
  'mail mails email emails mailbox mailboxes inbox mailinglist lists correspondence documents',
  'docs fax scan scanner printer copier program programs project projects pmo consulting',
  'consultants',
);

const german = words(
  'hallo kontakt vertrieb verkauf einkauf buchhaltung rechnung rechnungen rechnungswesen faktura',
  'kundenservice kundendienst kundenbetreuung kundencenter personalabteilung personalwesen',
  'bewerbung bewerbungen bewerber karriere ausbildung presse pressestelle redaktion',
  'oeffentlichkeitsarbeit zentrale sekretariat empfang verwaltung geschaeftsfuehrung',
  'geschäftsführung geschaeftsleitung geschäftsleitung vorstand leitung beratung hilfe anfrage',
  'anfragen bestellung bestellungen versand lager technik edv poststelle datenschutz impressum',
  'buero büro praxis kanzlei werkstatt reklamation mahnwesen veranstaltungen mitglieder schulung',
  'fuhrpark disposition',
);

const romance = words(
  // French.
  'bonjour salut vente ventes commercial commerciaux commerciale comptabilite facture factures',
  'facturation achats rh ressourceshumaines ressources recrutement emploi emplois carriere',
  'carrieres accueil secretariatgeneral direction serviceclient serviceclients relationclient sav',
  'assistance aide renseignements boutique commande commandes livraison livraisons juridique',
  'informatique technique formation formations inscription inscriptions nepasrepondre adherents',
  'devis',
  // Spanish.
  'facturacion hola ventas contacto informacion informes soporte ayuda atencion atencionalcliente',
  'facturas compras contabilidad finanzas tesoreria pedidos reservas tienda oficina gerencia rrhh',
  'empleo recursoshumanos recursos reclutamiento seleccion recepcion administracion prensa',
  'mercadeo mercadotecnia comunicacion publicidad clientes proveedores logistica sistemas',
  'direcciongeneral noresponder',
  // Portuguese.
  'vendas contato suporte ajuda atendimento faturamento faturacao faturas financeiro recrutamento',
  'vagas comercial juridico imprensa administracao escritorio encomendas loja rececao recepcao',
  'comunicacao sac ouvidoria cobranca naoresponda',
  // Italian.
  'ciao vendite contatti contatto informazioni amministrazione fatturazione fatture acquisti',
  'assistenza assistenzaclienti supporto risorseumane risorse lavoraconnoi segreteria ufficio',
  'ufficiostampa ufficiocommerciale ufficioacquisti stampa ordini prenotazioni negozio direzione',
  'clienti selezione contabilita commerciali spedizioni magazzino formazione nonrispondere',
  // Romanian.
  'vanzari contabilitate facturare comenzi suport angajari secretariatul birou relatii',
);

const northern = words(
  // Dutch.
  'verkoop inkoop boekhouding facturen factuur facturatie administratie klantenservice',
  'klantendienst vacatures werkenbij receptie directie redactie bestellingen ondersteuning',
  'personeelszaken kantoor secretariaat planning logistiek inlichtingen',
  // Danish, Norwegian, Swedish.
  'hej hei salg salj forsaljning fakturaer fakturering ekonomi okonomi økonomi kundeservice',
  'kundservice kundtjanst kundesenter kundestotte firmapost postmottak postkasse postkontor jobb',
  'rekrytering rekruttering regnskab regnskap bogholderi bokforing marknad marknadsforing',
  'markedsforing bestilling bestillinger bestallning ordre reklamasjon personale',
  'personalavdelning kontor',
  // Finnish.
  'myynti asiakaspalvelu laskutus laskut tiedotus viestinta rekry rekrytointi talous',
  'taloushallinto toimisto tuki tilaukset yhteystiedot markkinointi',
);

const eastern = words(
  // Polish.
  'sprzedaz biuro ksiegowosc kadry praca rekrutacja pomoc faktury obsluga obslugaklienta',
  'zamowienia sklep rezerwacje handlowy reklamacje zarzad marketingu logistyka serwis',
  // Czech and Slovak.
  'obchod prodej predaj fakturace fakturacia ucetni uctarna uctovnictvo podpora kariera',
  'objednavky obednavky zakaznickyservis recepce recepcia sekretariatu reklamace',
  // Hungarian and Croatian.
  'ertekesites ugyfelszolgalat szamlazas penzugy allas kapcsolat iroda prodaja podrska',
  'racunovodstvo',
  // Turkish, with its dotless i and without.
  'satis satış satinalma satınalma bilgi iletisim destek muhasebe insankaynaklari insankaynakları',
  'kariyer siparis musterihizmetleri pazarlama',
  // Russian and Ukrainian.
  'продажи продажа отделпродаж поддержка техподдержка инфо информация маркетинг бухгалтерия кадры',
  'отделкадров реклама заказ заказы контакт контакты офис помощь вакансии пресса склад приемная',
  'закупки доставка администрация админ секретарь продажі підтримка бухгалтерія замовлення',
  'допомога',
  // Greek.
  'πωλησεις πληροφοριες υποστηριξη λογιστηριο επικοινωνια γραμματεια παραγγελιες',
);

const asianAndSemitic = words(
  // Chinese, simplified and traditional.
  '销售 销售部 客服 客户服务 人事 人事部 招聘 财务 财务部 市场 市场部 支持 技术支持 信息 咨询 采购 商务 行政 銷售 業務 客戶服務 財務 市場 資訊 諮詢 採購 服務',
  // Japanese.
  '営業 営業部 採用 総務 総務部 人事課 経理 広報 問い合わせ お問い合わせ サポート 受付 事務局 窓口 eigyo soumu toiawase jinji keiri saiyo',
  'jimukyoku',
  // Korean.
  '영업 영업팀 채용 인사 인사팀 문의 고객센터 고객지원 마케팅 재무 홍보',
  // Arabic and Hebrew.
  'مبيعات المبيعات دعم الدعم معلومات تسويق التسويق محاسبة توظيف מכירות תמיכה מידע שיווק',
  'שירותלקוחות דרושים הנהלה',
  // Indonesian, Malay and Vietnamese.
  'penjualan pemasaran keuangan bantuan layanan pelanggan lowongan tuyendung kinhdoanh hotro',
  // Hindi.
  'बिक्री सहायता संपर्क जानकारी',
);

/** A token that is one of these names no person. */
export const roleWords: ReadonlyArray<string> = [
  ...english,
  ...german,
  ...romance,
  ...northern,
  ...eastern,
  ...asianAndSemitic,
];

/**
 * A token that is one of these says nothing by itself, and leaves the role beside it a role: a
 * region, a language, a segment, a team's form. Places that are given names (`georgia`, `paris`)
 * are left out.
 */
export const qualifierWords: ReadonlyArray<string> = words(
  // Regions.
  'emea apac amer amers americas namer latam ssa gcc dach nordic nordics benelux iberia cee anz',
  'asean oceania apj europe european eu eea pacific atlantic baltics balkans international intl',
  'global worldwide world regional region local national domestic overseas north south east west',
  'northeast northwest southeast southwest northern southern eastern western central midwest',
  'coast nord sud sued ost norte sur sul este oeste ouest',
  // Countries and languages, by the code or name seen in addresses.
  'us usa uk gb ie fr de at ch nl be es pt gr pl cz sk ro bg si rs ua ru tr dk no se fi ee lt lv',
  'ca mx br ar cl co pe za ke eg ae sa il in pk bd lk cn hk tw jp kr sg th vn ph au nz en germany',
  'deutschland austria osterreich oesterreich schweiz suisse switzerland espana spain portugal',
  'italia italy nederland netherlands belgium belgie belgique polska poland sverige sweden norge',
  'norway danmark denmark suomi finland brasil brazil mexico canada australia japan singapore',
  'turkiye turkey ukraine romania hungary greece nyc hq headquarters',
  // Segments and products.
  'b2b b2c smb smbs sme midmarket enterprise corporate corp startup startups retail public',
  'private government gov federal nonprofit ngo residential consumer consumers online digital',
  'mobile cloud app apps inbound outbound direct indirect channel internal external',
  // The form of the team.
  'human humanos humaines umane front chain call pre after inside department dept division unit',
  'section squad center centre hub pool shared common joint lead senior vice deputy tier level',
  'primary secondary main abteilung dienst equipe squadra equipo equipa osasto avdeling avdelning',
  'dzial oddeleni отдел служба 部门',
  // What holds the words of a role together.
  'do and or of for to the our your me we with from by on all new non not dont und oder der die',
  'das fur im et ou pour para por och og',
);
