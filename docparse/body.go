package docparse

import "strings"

// This file is the grammar of the names of bodies (cơ quan, tổ chức, đơn vị) and of the people who head them, as they
// stand in official documents. There is no list of names: a name begins with a head word and runs on until a verb, a
// mark or a word that cannot stand in a name.

// heads open the name of a body or of its head.
var heads = phrases(
	// 1: bodies
	"ủy ban nhân dân|ủy ban|ubnd|ubmttq|ub mttq|hội đồng nhân dân|hđnd|hội đồng|sở|các sở|bộ|các bộ|bộ trưởng|ban chỉ đạo|bcđ|ban|các ban|cục|chi cục|tổng cục|vụ|công an|"+
		"phòng|các phòng|văn phòng|trung tâm|hội|các hội|hội lhpn|đoàn|các đoàn thể|đoàn thể|tỉnh đoàn|thành đoàn|huyện đoàn|đoàn thanh niên|mặt trận|mặt trận tổ quốc|mttq|ủy ban mặt trận|đài|báo|tòa án|tand|"+
		"viện kiểm sát|vks|vksnd|viện|bộ đội biên phòng|bđbp|biên phòng|bộ chỉ huy|bộ tư lệnh|đồn biên phòng|thanh tra|trường|các trường|trường học|nhà trường|bệnh viện|trạm y tế|"+
		"liên đoàn|công đoàn|ngân hàng|kho bạc|hải quan|chi cục hải quan|cảnh sát biển|thường trực|ban thường vụ|tỉnh ủy|thành ủy|huyện ủy|thị ủy|đảng ủy|ban cán sự|cấp ủy|các cấp ủy|chính quyền|"+
		"cơ sở|các cơ sở|công ty|các công ty|doanh nghiệp|các doanh nghiệp|tổ chức chính trị|tổ chức xã hội|các tổ chức|các cơ quan|cơ quan|các đơn vị|đơn vị|các địa phương|địa phương|"+
		"các ngành|ngành|các cấp|các huyện|các xã|các tỉnh|các phường|xã|phường|thị trấn|các cấp hội|chi hội|tổng đài|hai huyện|hai xã|hai tỉnh|hai sở|hai ngành|hai địa phương|ba huyện|ba xã|ba tỉnh|hải đoàn|hải đội|các hải đội|hải đội|các tàu|biên đội|quỹ|hiệp hội|học viện|tạp chí|cổng thông tin|cổng ttđt|nhà văn hóa|"+
		"ban quản lý|khoa|các khoa|các lớp|các đảng ủy|các huyện ủy|các chi ủy|quý sở|quý cơ quan|quý đơn vị|quý ban|quý bộ|quý ủy ban|quý trường|đại sứ quán|đsq|tổng lãnh sự quán|tổng liên đoàn|hội cựu|các bến xe|các nhà mạng|nhà mạng|các nhà xe|các hãng|các chợ|các khu|các điểm|các hộ|các cửa khẩu|các tòa|các viện|các báo|các đài|các nhà hàng|các khách sạn|các công ty|các hợp tác xã|các ngân hàng|các bệnh viện|các trung tâm|các trạm y tế|các bến|các chủ cơ sở|các cấp chính quyền|các chi nhánh|các hiệp hội|các tổ dân phố|các thôn|các bản|các khu dân cư|các vùng|các quận|các thị xã|các thành phố|bảo tàng|thư viện|trại|hạt kiểm lâm|vườn quốc gia|nhà hát|nhà thiếu nhi|nhà xuất bản|làng trẻ em|khu di tích|ban lãnh đạo|chi bộ|các chi bộ|đảng bộ|các đảng bộ|hai ngành|hai bên|các bên|hai đơn vị|hai cơ quan|liên ngành|đội|tổ|các tổ|các đội|các đồn|đồn|các trạm|trạm|tòa soạn|chi đoàn|liên đội|huyện hội|tỉnh hội|xã đoàn|hợp tác xã|ban ngành|hội cựu chiến binh|hội nông dân|hội người cao tuổi|hội chữ thập đỏ|hội luật gia|tổ chức|các câu lạc bộ|câu lạc bộ|ban công tác|cảnh sát|phòng cảnh sát|liên bộ|liên ngành|các thành viên ban|ủy ban dân tộc|đoàn chủ tịch|quân khu|các quân khu|trung đoàn|vùng cảnh sát biển|các học viện|đại học|các đại học|mạng lưới|cơ quan chức năng|chức năng|lực lượng|các lực lượng|quốc hội|chính phủ|tổ công tác|cơ quan thường trực|đảng đoàn|hội nghị lần thứ|ban chấp hành|ban bí thư|bộ chính trị|trung ương",
	// 2: people who head them
	"lái xe|phụ xe|chủ xe|thuyền trưởng|chủ tàu|chủ nhà trọ|chủ nhà nghỉ|thủ trưởng|giám đốc|phó giám đốc|các đồng chí|đồng chí|chủ tịch|phó chủ tịch|bộ trưởng|thứ trưởng|trưởng|trưởng ban|trưởng phòng|trưởng các phòng|chánh văn phòng|chánh thanh tra|cục trưởng|vụ trưởng|hiệu trưởng|"+
		"người đứng đầu|tổng biên tập|giáo viên chủ nhiệm|giáo viên|nhân viên|tổ trưởng|tổng phụ trách|trưởng thôn|trưởng bản|trưởng ấp|già làng|công an viên|bí thư chi bộ|đội trưởng|đồn trưởng|trưởng trạm|trưởng các|phó trưởng ban|phó cục trưởng|chi cục trưởng|tư lệnh|chính ủy|chỉ huy trưởng|chỉ huy|cha mẹ học sinh|cộng tác viên|hội viên|đoàn viên|thường trực ban|thủ tướng|thủ tướng chính phủ|phó thủ tướng|viện trưởng|chánh án|tổng giám đốc|ban giám đốc|lãnh đạo|các thành viên|thành viên|bí thư|ban giám hiệu|các chủ tịch|các giám đốc",
	// 3: people in general; addressed in articles
	"người dân|nhân dân|cán bộ|công chức|viên chức|người lao động|mọi người|các tổ chức, cá nhân|gia đình|các gia đình|phụ huynh|các hộ|chủ cơ sở|các chủ",
)

// notHeads are phrases that begin like a name but are none.
var notHeads = phrases(
	"khoa học|phòng ngừa|phòng, chống|phòng chống|phòng và chống|phòng tránh|phòng bệnh|phòng cháy|ban hành|báo cáo|hội nghị|hội thảo|hội thi|hội diễn|đoàn kết|tổ chức|cơ sở dữ liệu|đơn vị tính|bộ luật|bộ đội|bộ phận|bộ tài liệu|bộ tiêu chí|hội nhập|hội viên|hội họp|" +
		"xã hội|ngành nghề|trường hợp|viện trợ|đài thọ|ban đầu|đội ngũ|đoàn viên|tổ dân phố|xã hội hóa|cục diện|vụ việc|vụ án|sở hữu|sở thích|báo động|hội chợ|hội trại|hội chứng|cấp ủy đảng viên|trung ương đoàn viên|quỹ đất|trường học an toàn|đoàn tụ|báo chí cách mạng|chính quyền lợi|phòng vệ|báo tin|báo ngay|báo cho")

// The groups of bodyVerbs.
const (
	dutyVerb   = 1 + iota // what a body does or is told to do
	helperVerb            // cần, phải, được, đã: stands before the verb
	orderVerb             // what a superior body does to another: đề nghị, yêu cầu, giao
	adverbial             // opens another part of the sentence: theo, tại, để
)

// bodyVerbs are the words that end a name. They count only in small letters, so that "Cục Phòng, chống tệ nạn xã hội"
// and "Ban Chỉ đạo" stay whole.
var bodyVerbs = phrases(
	"tổ chức|triển khai|thực hiện|chủ trì|phối hợp|tăng cường|đẩy mạnh|tham mưu|xây dựng|ban hành|hướng dẫn|kiểm tra|giám sát|thanh tra|theo dõi|tuyên truyền|truyền thông|phổ biến|quán triệt|rà soát|"+
		"thống kê|tổng hợp|báo cáo|tiếp nhận|hỗ trợ|giải quyết|xử lý|điều tra|phát hiện|ngăn chặn|phòng ngừa|đấu tranh|nâng cao|chú trọng|tập trung|quan tâm|bố trí|bảo đảm|đảm bảo|cung cấp|lồng ghép|mở|đăng tải|đăng|vận động|"+
		"huy động|lập|nghiên cứu|đề xuất|nắm|chuẩn bị|đổi mới|phát động|hưởng ứng|treo|dựng|gửi|đưa|phân công|cử|làm|coi|xác định|duy trì|thành lập|kiện toàn|củng cố|phát huy|biểu dương|khen thưởng|tập huấn|đào tạo|"+
		"bồi dưỡng|kết nối|giới thiệu|tư vấn|chăm sóc|bảo vệ|giúp đỡ|trợ giúp|thông báo|trao đổi|chuyển|phân loại|xác minh|giải cứu|thu thập|cập nhật|công bố|công khai|ký kết|sơ kết|tổng kết|đánh giá|khảo sát|nhân rộng|"+
		"hoàn thiện|sửa đổi|bổ sung|trình|thẩm định|cân đối|phê duyệt|duyệt|thông qua|chấp hành|tham gia|góp phần|đa dạng|sử dụng|ứng dụng|gắn|kết hợp|tạo|đón|dừng|tạm dừng|hoãn|hạn chế|giảm|nghiêm cấm|cấm|rút|đình chỉ|thu hồi|truy tố|"+
		"xét xử|khởi tố|kiểm soát|tuần tra|thi hành|chịu trách nhiệm|có trách nhiệm|có nhiệm vụ|có kế hoạch|tuyên dương|vào cuộc|lãnh đạo|quản lý|cấp phát|in ấn|tích cực|khẩn trương|nghiêm túc|quyết liệt|chủ động|kịp thời|thường xuyên|tiếp tục|"+
		"phát hành|biên soạn|niêm yết|tháo gỡ|khắc phục|chấn chỉnh|ưu tiên|khuyến khích|tạo điều kiện|thí điểm|đặt|nhận|trao|lấy|cùng|hướng tới|bám sát|nghiêm|giữ|đầu tư|gặp|thăm|"+
		"giáo dục|nhắc nhở|ký|soạn|mời|xét|chi|phát|khai|nộp|lưu|bàn|tổng rà soát|trực|phát sóng|phát thanh|tuyển chọn|kiểm điểm|sắp xếp|phấn đấu|cam kết|cụ thể hóa|thể chế hóa|quảng bá|in|dành|trích|chọn|tận dụng|siết|siết chặt|sửa|dạy|nhắc|tìm|tìm hiểu|ngăn|"+
		"lắng nghe|bắt tay|chung tay|phản ánh|tố giác|báo|đối chiếu|đồng hành|bảo quản|đề cao|hoàn thành|khám|điều trị|tiêm|soát|rút kinh nghiệm|thu|góp ý|xác nhận|cài đặt|mở rộng|dự|thông tin|lựa chọn|chấm dứt|dồn|cụ thể|bóc gỡ|triệt phá|nhập|lắp|tuyển|vận hành|đẩy lùi|phân tích|dự báo|tiến hành|khai thác|nắm bắt|nắm chắc|thẩm tra|giải thích|tôn vinh|nêu cao|nêu|chỉ rõ|chăm lo|san sẻ|mang|ban bố|kết thúc|bắt đầu|khởi động|tri ân|ủng hộ|thực thi|áp dụng|khơi dậy|đa dạng hóa|kế thừa|cải thiện|phân bổ|quyết toán|thanh quyết toán|hòa giải|can thiệp|chuyển tuyến|chuyển gửi|đưa tin|viết|dàn dựng|biểu diễn|chiếu|trưng bày|tuyên dạy|tọa đàm|đối thoại|học tập|xem xét|tính toán|đề ra|nhấn mạnh|tăng|phát triển|gia tăng|cấp|"+
		"không để|không được|bắt|bắt giữ|trang trí|trang hoàng|hoàn chỉnh|hoàn tất|soạn thảo|cân nhắc|nuôi dưỡng|canh gác|đánh|đánh mạnh|trấn áp|tấn công|truy bắt|truy tìm|lùng|soi|dò|canh|khuyên|khuyên bảo|nói|nói rõ|nói chuyện|kể|hiểu|tránh|lo|thôi|ngừng|bỏ|thay|đổi|vá|dọn|trồng|kèm|đỡ đầu|nhận nuôi|bày|vẽ|diễn|quay|dán|kẻ|phóng|thả|loan|truyền|khen|thưởng|kỷ luật|xử phạt|phạt|truy cứu|tìm kiếm|trả|đền|bồi thường|chia|chia sẻ|nối|liên hệ|liên lạc|gọi|nghe|trả lời|ghi|ghi nhận|ghi chép|chép|gom|gộp|đóng|góp|đóng góp|tặng|biếu|giúp|cứu|cứu giúp|dắt|tiễn|chở|vận chuyển|đẩy|nâng|hạ|bớt|khai trương|rút ngắn|cắt|cắt cử|khoanh|khoanh vùng|bám|bám địa bàn|theo sát|quản chặt|chặn|chặn đứng|xóa|xóa bỏ|lọc|loại bỏ|dự thảo|nghĩ|tham vấn|khơi|thống nhất|bàn bạc|thảo luận|chốt danh sách|giao ban|kiến nghị|tham gia ý kiến|xin|xin ý kiến|cho phép|cấp giấy|gìn giữ|giữ gìn|tuyên bố|ra mắt|ra quân|ra văn bản|ra kế hoạch|có văn bản|có công văn|có phương án|có biện pháp|có giải pháp|có hình thức|phủ sóng|lắp đặt|trang bị|xây|xây mới|xây lắp|tu sửa|sửa chữa|nâng cấp|mở lớp|mở đợt|dạy nghề|dạy bơi|truyền đạt|phân giải|giải đáp|nhắn|nhắn tin|đôn thúc|tuyên án|rà|rà lại|kê khai|kê|lên danh sách|lên kế hoạch|lên phương án|bố cáo|tích hợp|số hóa|kết thúc|nghiệm thu|đấu nối|đặt hàng|điều phối|điều chỉnh|điều tiết|phân cấp|ủy quyền|chỉ rõ|chỉ định|cảnh báo|răn đe|cảnh giác|đề phòng|phòng tránh|tăng thời lượng|tăng thêm|giảng|giảng dạy|phát tờ rơi|ra sức|dốc sức|gương mẫu|nêu gương|tôn trọng|thuyết phục|khuyến cáo|thúc đẩy|nhân lên|lan tỏa|truyền tải|tuyên đọc|phát tán|đính chính|gỡ|gỡ bỏ|chủ động|đón nhận|tiếp|tiếp đón|tiếp xúc|bàn giao|giao nộp|chuyển giao|lưu trữ|lưu giữ|giữ kín|kiểm đếm|xử|xử nghiêm|tuyên phạt|kháng nghị|thụ lý|đi sâu|đi đầu|xuống|xuống cơ sở|vào sổ|dồn sức|góp sức|góp phần|hội đàm|tìm cách|tạo nguồn|đề bạt|luân chuyển|tinh gọn|sáp nhập|giải thể|gia hạn|khảo cứu|đo đạc|thăm hỏi|động viên|an ủi|nghiêm trị|đáp ứng|hoạch định|tham mưu|nhìn nhận|nhận diện|nhận biết|làm rõ|làm tốt|làm việc|làm nghiêm|làm chặt|hướng về|quyên góp|chung sức|đề ra|vạch|vạch rõ|vạch trần|lật tẩy|bóc trần|khui|định hướng|thiết kế|sưu tầm|sao gửi|tiếp sóng|tiếp âm|tra cứu|lấy lời khai|lấy mẫu|giám định|khám nghiệm|tạm giữ|bảo lãnh|đưa đón|phiên dịch|thông dịch|tập hợp|huấn luyện|diễn tập|cảnh tỉnh|nhắc lại|tự rà soát|tự kiểm tra|phổ cập|tiếp cận|cứu trợ|thanh toán|chi trả|giải ngân|mua sắm|trang cấp|bảo trì|tăng tuần tra|để ý|lưu tâm|sớm|nhanh chóng|lập tức|gấp rút|quét|truy quét|càn quét|bàn bạc|hội ý",
	"cần|phải|nên|sẽ|đã|đang|nhớ|chớ|vừa|được|bị|không|có|là|cũng|luôn|đều|còn|tự|hãy|chưa|rất|lại|mới|ngay|thì|hay|đồng loạt|đồng thời|vẫn|vì thế|vì vậy|do đó|do vậy",
	"kính đề nghị|kính mong|trân trọng đề nghị|kính mời|trân trọng kính mời|đề nghị|yêu cầu|giao|chỉ đạo|mong|mong muốn|mong các|nhắc|nhắc nhở|nhờ|muốn|ra lệnh|đòi hỏi|kêu gọi|đôn đốc|giao nhiệm vụ|giao trách nhiệm|lưu ý|quy định|đề nghị các",
	"chậm nhất|muộn nhất|đồng thời gửi|về|tại|để|nhằm|khi|nếu|trong|vì|bằng|ở|từ|trước|sau|lên|xuống|ra|vào|trên|do|với|qua|căn cứ|theo|trên cơ sở|định kỳ|hằng|hàng|nhất là|như|đến|dựa vào|xem|cho|gồm|bao gồm|đặc biệt|hiện|hiện nay|cho biết|khẳng định|đi|nơi|mà",
)

// nounPhrases hold words that look like verbs but belong to a name or to what follows it.
var nounPhrases = phrases("giao dịch|giao lưu|trật tự|hậu cần|nhu cầu|ngoại giao|chính phủ|giao thông|phổ thông|tổ chức chính trị|tổ chức xã hội|tổ chức đoàn thể|tổ chức quốc tế|tổ chức cá nhân|tổ chức, cá nhân|tổ chức hội|tổ chức phi|tổ chức liên quan|tổ chức có liên quan|tổ chức tôn giáo|tổ chức đảng|tổ chức thành viên|tổ chức và|tổ chức trong|tổ chức khác|tổ chức tín dụng|tổ chức nước ngoài|" +
	"quản lý nhà nước|phát thanh và truyền hình|phát thanh - truyền hình|phát thanh, truyền hình|phát thanh truyền hình|phát thanh - truyền thanh|truyền thông đại chúng|chỉ đạo phòng|chỉ đạo 138|chỉ đạo tỉnh|" +
	"trên địa bàn toàn tỉnh|trên địa bàn tỉnh|trên địa bàn huyện|trên địa bàn thành phố|trên địa bàn|trong tỉnh|trong ngành|trong toàn tỉnh|có liên quan|trên toàn tỉnh|cấp tỉnh|cấp huyện|cấp xã|cấp cơ sở|cấp ủy|cấp trung ương|cấp thành phố|cấp phòng|trong cả nước|trong hệ thống chính trị|trong hệ thống|trong toàn ngành|đóng trên địa bàn|" +
	"thông tin và truyền thông|thông tin, truyền thông|thông tin đại chúng|thông tin điện tử|trực thuộc|ở cơ sở|ở địa phương|ở trung ương|được phân công|có chức năng|từ tỉnh đến cơ sở|từ tỉnh đến xã|từ huyện đến xã|báo chí|báo, đài|báo đài|" +
	"cơ quan điều tra|cơ quan quản lý|cơ quan chỉ đạo|cơ quan tuyên truyền|cơ quan bảo vệ|cơ quan kiểm tra|cơ quan tổ chức|cơ sở cung cấp|cơ sở chăm sóc|cơ sở giáo dục|cơ sở điều trị|cơ sở khám|cơ sở đào tạo|cơ sở hỗ trợ|cơ sở bảo trợ|cơ sở cai nghiện|lực lượng tuần tra|lực lượng kiểm soát|lực lượng quản lý|phòng giáo dục và đào tạo|giáo dục và đào tạo|giáo dục nghề nghiệp|kiểm sát nhân dân|cơ quan thông tin|theo ngành dọc|chữa cháy|cứu nạn|cứu hộ|thường trực|báo chí|trong phạm vi cả nước|tổ chức chính|nêu trên|nói trên|kể trên|có tên|thi hành án")

// properPhrases are parts of names of units that hold verbs in small letters behind a capital.
var properPhrases = phrases("bảo vệ chăm sóc|bảo vệ, chăm sóc|bảo vệ và chăm sóc|quản lý đào tạo|đào tạo bồi dưỡng|đào tạo, bồi dưỡng|tổ chức cán bộ|tổ chức hành chính|tổ chức - hành chính|quản lý chất lượng|quản lý thị trường|quản lý dự án|quản lý lao động ngoài nước|trợ giúp pháp lý|trợ giúp xã hội|phổ biến, giáo dục pháp luật|phổ biến giáo dục pháp luật|phòng, chống|phòng chống|giáo dục pháp luật|hỗ trợ|tư vấn|cung cấp dịch vụ|phát triển|quản lý|bảo vệ|giới thiệu việc làm|dịch vụ việc làm|chăm sóc|kiểm soát|kiểm tra|thanh tra|giám sát|điều tra|xử lý|tiếp nhận|tuyên truyền|truyền thông|thông tin|tổ chức|xây dựng|giải quyết|bồi dưỡng|đào tạo|nghiên cứu|ứng dụng|đối ngoại|tham mưu|xuất nhập cảnh|quản lý xuất nhập cảnh|quản lý hành chính|bảo trợ|nuôi dưỡng|điều dưỡng|phục hồi chức năng|giám định|công tác sinh viên|công tác xã hội|cảnh sát quản lý hành chính|cảnh sát điều tra")

// determiners are words after which what looks like a verb is a noun: "các tổ chức", "việc điều tra", "dịch vụ hỗ trợ".
var determiners = []string{"các", "những", "việc", "sự", "cuộc", "công tác", "người", "dịch vụ", "thông tin và", "mọi", "từng", "đội ngũ", "nghề", "cổng", "trang", "nhà", "nghĩa"}

// unitWords open the name of a unit that goes on with what it does: "Ban chỉ đạo", "Đài phát thanh", "tổ công tác".
var unitWords = []string{"lực lượng", "ban", "tổ", "đội", "đoàn", "hội đồng", "trung tâm", "đài", "tổng đài", "tổng đài quốc gia", "tổng đài điện thoại", "tổng đài điện thoại quốc gia", "đường dây nóng", "cục", "vụ", "viện", "phòng", "quỹ", "cơ sở", "cơ quan", "trạm", "xưởng"}

// functionWords are what such a unit does.
var functionWords = phrases("chỉ đạo|quản lý|tổ chức|kiểm tra|thanh tra|giám sát|tuyên truyền|hỗ trợ|cung cấp|tư vấn|tiếp nhận|điều tra|bảo vệ|giải quyết|xử lý|phát thanh|truyền thông|giới thiệu|đào tạo|bồi dưỡng|nghiên cứu|ứng dụng|kiểm soát|phát triển|điều hành|soạn thảo|biên soạn|vận động|chăm sóc|khám|chữa|trợ giúp|phân tích|thông tin|phòng ngừa|tuần tra|thi hành|nuôi|nuôi dưỡng|thẩm định|tham mưu|dạy nghề|dạy|giáo dục|khảo sát|truyền hình|cai nghiện|xúc tiến|bảo trợ|rà soát|vay|cho vay|cứu hộ|báo|điều trị|học tập|công tác|chuyên trách|tổng hợp|phản ứng|biên tập|tiếp dân|tự quản|kiểm định|hòa giải|đấu tranh")

// notNoun are words that end like a determiner or unit word and are none: "hình sự", "Tỉnh Đoàn".
var notNoun = []string{"lãnh sự", "tham sự", "nội vụ", "ngoại vụ", "thường vụ", "văn phòng", "bệnh viện", "học viện", "trung đoàn", "tập đoàn", "liên đoàn", "bộ đội", "quốc phòng", "biên phòng", "dự phòng", "hình sự", "quân sự", "dân sự", "nhân sự", "thời sự", "tỉnh đoàn", "thành đoàn", "huyện đoàn", "quận đoàn", "thị đoàn", "ương đoàn", "xã đoàn", "ban, đoàn", "công đoàn", "chi đoàn", "mọi người"}

// headAt tells whether the name of a body begins at i; class is the group of heads.
func (p *page) headAt(i int) (end, class int) {
	if i >= len(p.low) {
		return 0, 0
	}
	if e, _ := notHeads.at(p.low, i); e > 0 {
		n, _ := nounPhrases.at(p.low, i)
		if h, _ := heads.at(p.low, i); n < e && h <= e { // "bộ đội" is none, "Bộ đội Biên phòng" is one
			return 0, 0
		}
	}
	if e, class := heads.at(p.low, i); e > 0 {
		return e, class
	}
	for _, w := range []string{"mỗi", "từng", "tất cả"} { // "Mỗi cơ sở đoàn", "Từng đơn vị"
		if hasWord(p.low, i, w) {
			if e, class := heads.at(p.low, skipSpaces(p.low, i+len(w))); e > 0 && class < 3 {
				next := skipSpaces(p.low, e) // "Mỗi xã một mô hình" names no body
				if n, _ := notHeads.at(p.low, skipSpaces(p.low, i+len(w))); n < e && !hasWord(p.low, next, "một") && !isDigit0(p.low, next) {
					return e, class
				}
			}
		}
	}
	// "huyện Mộc Châu": a place is a body where its name follows
	if e, _ := areaWords.at(p.low, i); e > 0 && upperAt(p.text, skipSpaces(p.text, e)) && skipSpaces(p.text, e) == e+1 {
		return e, 1
	}
	return 0, 0
}

// body is the name of a body, or of several that share a sentence.
type body struct {
	start, end int // trimmed name
	verb       int // position of the verb behind it, or where the name stopped
	tag        int // group of the verb, 0 when the name stopped at a mark
	class      int
	guess      bool // the verb is none of the list
}

// bodyAt reads a name at i, at most to limit. It stops at a verb in small letters, at a mark that no further name
// follows, or at a word that opens another part of the sentence.
func (p *page) bodyAt(i, limit int) (body, bool) {
	e, class := p.headAt(i)
	if e == 0 || e > limit {
		return body{}, false
	}
	limit = min(limit, i+700)
	b := body{start: i, class: class}
	place := -1                        // behind the name of a province
	noun, nounEnd, nounTag := -1, 0, 0 // the first verb that was taken for a part of the name
	proper, small := class == 3, 0     // whether a name of its own was seen, and the small words since
	stop := func(at, verb, tag int) (body, bool) {
		b.end, b.verb, b.tag = at, verb, tag
		for b.end > b.start && strings.IndexByte(" ,-;:(", p.text[b.end-1]) >= 0 {
			b.end--
		}
		b.end = b.start + len(strings.TrimSuffix(p.text[b.start:b.end], " –"))
		for _, w := range []string{" và", " cùng", " hoặc"} {
			b.end = b.start + len(strings.TrimSuffix(p.text[b.start:b.end], w))
		}
		return b, b.end > b.start
	}
	for k := e; k < limit; {
		switch c := p.low[k]; {
		case c == ' ' || c == '/' || c == '&' || c == '"':
			k++
			continue
		case c == '-' || c == 0xE2 && hasAt(p.low, k, "–"):
			w := 1
			if c != '-' {
				w = 3
			}
			if p.low[k-1] == ' ' {
				if e, _ := appositions.at(p.low, skipSpaces(p.low, k+w)); e > 0 && e < limit {
					return p.afterApposition(b, k, skipSpaces(p.low, k+w), limit)
				}
			}
			k += w
			continue
		case c == '(':
			e := strings.IndexByte(window(p.low, k, limit, 200), ')')
			if e < 0 {
				return stop(k, k, 0)
			}
			k += e + 1
			continue
		case c == ',' || c == ';':
			j := skipSpaces(p.low, k+1)
			if j >= limit {
				return stop(k, k, 0)
			}
			if e, _ := roleWords.at(p.low, j); c == ',' && e > 0 && e < limit {
				return p.afterApposition(b, k, j, limit)
			}
			if e, cl := p.headAt(j); e > 0 && cl < 3 {
				k = e
				proper, small = false, 0
				continue
			}
			if c == ';' && !p.listWord(j) {
				return stop(k, k, 0)
			}
			if ok, _ := letterAt(p.low, j); !ok {
				return stop(k, k, 0)
			}
			if e, _ := nounPhrases.at(p.low, j); e > 0 {
				k = e
				continue
			}
			if lowerAt(p.text, j) && !(hasWord(p.low, j, "chống") && strings.HasSuffix(p.low[:k], "phòng")) {
				if e, tag := bodyVerbs.at(p.low, j); e > 0 {
					return stop(k, j, tag)
				}
			}
			k = wordEnd(p.low, j)
			continue
		case c == '.' || c == ':' || c == '!' || c == '?' || c == '|':
			if c == '.' && k+1 < limit && (p.low[k+1] != ' ' && upperAt(p.text, k-1) || hasAt(p.low, k-2, "tp.")) {
				k++ // TP.HCM
				continue
			}
			if noun > 0 {
				if e, _ := objectWords.at(p.low, skipSpaces(p.low, nounEnd)); e > 0 && e < k {
					return stop(noun, noun, nounTag)
				}
			}
			return stop(k, k, 0)
		}
		ok, w := letterAt(p.low, k)
		if !ok {
			if p.low[k] == 0xE2 {
				return stop(k, k, 0) // quotation marks and dots
			}
			k += max(w, 1)
			continue
		}
		if e, _ := nounPhrases.at(p.low, k); e > 0 && e <= limit {
			k = e
			continue
		}
		if upperAt(p.text, k) {
			if e, _ := properPhrases.at(p.low, k); e > 0 && e <= limit {
				k, proper, small = e, true, 0
				continue
			}
		}
		if hasWord(p.low, k, "nào") {
			return body{}, false // "Doanh nghiệp nào vi phạm": whichever it is
		}
		if lowerAt(p.text, k) {
			if n, _ := programmeWords.at(p.low, k); n > 0 && skipSpaces(p.low, e) == k && strings.HasSuffix(p.low[b.start:e], "chỉ đạo") {
				k = n // Ban Chỉ đạo thực hiện phong trào …
				continue
			}
			if e, tag := bodyVerbs.at(p.low, k); e > 0 {
				if !p.nounContext(k) {
					return stop(k, k, tag)
				}
				if noun < 0 {
					noun, nounEnd, nounTag = k, e, tag
				}
				small += strings.Count(p.low[k:e], " ") + 1
				k = e
				continue
			}
			if small++; small > 4 || !proper || k == place {
				if w := p.low[k:wordEnd(p.low, k)]; !nameWords[w] && hasMark(w) && (k == place || p.nameEnds(k)) {
					b.guess = true
					return stop(k, k, dutyVerb) // a word that stands in no name: a verb the list does not hold
				}
			}
		} else {
			proper, small = true, 0
			if e, _ := provinces.at(p.low, k); e > 0 {
				place = skipSpaces(p.low, e) // behind the name of a province a small word that no name holds is a verb
				k = e
				continue
			}
		}
		k = wordEnd(p.low, k)
	}
	if noun > 0 {
		// "các Ban giám sát việc thực hiện": no other verb follows, and the verb has an object
		if e, _ := objectWords.at(p.low, skipSpaces(p.low, nounEnd)); e > 0 && e < limit {
			return stop(noun, noun, nounTag)
		}
	}
	return stop(limit, limit, 0)
}

// programmeWords go on the name of a steering committee.
var programmeWords = phrases("thực hiện phong trào|thực hiện chương trình|thực hiện chiến lược|thực hiện đề án|thực hiện công tác|thực hiện nghị quyết|về phòng, chống|về phòng chống|xây dựng phong trào|xây dựng nông thôn mới|phát triển")

// provinces are the names of provinces and cities under the centre, before and after 01/7/2025, and of Vietnam itself.
var provinces = phrases("việt nam|an giang|bà rịa - vũng tàu|bà rịa|vũng tàu|bắc giang|bắc kạn|bạc liêu|bắc ninh|bến tre|bình định|bình dương|bình phước|bình thuận|cà mau|cần thơ|cao bằng|đà nẵng|đắk lắk|đăk lăk|đắc lắc|đắk nông|đăk nông|điện biên|đồng nai|đồng tháp|gia lai|hà giang|hà nam|hà nội|hà tĩnh|hải dương|hải phòng|hậu giang|hòa bình|hưng yên|khánh hòa|kiên giang|kon tum|lai châu|lâm đồng|lạng sơn|lào cai|long an|nam định|nghệ an|ninh bình|ninh thuận|phú thọ|phú yên|quảng bình|quảng nam|quảng ngãi|quảng ninh|quảng trị|sóc trăng|sơn la|tây ninh|thái bình|thái nguyên|thanh hóa|thừa thiên huế|huế|tiền giang|hồ chí minh|trà vinh|tuyên quang|vĩnh long|vĩnh phúc|yên bái")

// endWords are the small words with which the name of a body can be complete.
var endWords = wordSet("tỉnh huyện xã phố phường trấn thị ngành thể phương vị quan trường lượng cấp sở ban phòng nghiệp an viên dân chức quyền ủy bàn hội đồng đội thôn bản ấp quận khu tế chí")

// nameEnds tells whether the word before k can end the name of a body.
func (p *page) nameEnds(k int) bool {
	e := k
	for e > 0 && p.low[e-1] == ' ' {
		e--
	}
	if e == k || e == 0 {
		return false
	}
	s := e
	for s > 0 && letterBefore(p.low, s) {
		s--
		for s > 0 && p.low[s]&0xC0 == 0x80 {
			s--
		}
	}
	return endWords[p.low[s:e]]
}

// nameWords are the small words that names of bodies are made of. A small word that is none of them, where no proper
// name stands before it, is taken for a verb.
var nameWords = wordSet("tối viễn lưu trú ven sâu xa ngư cá dịch may mặc chế thủy sản lữ môi tuyển xuất khẩu trại giam tạm lâm nông tuyên giáo vận nội chính kiểm tra thành viên khu các ban ngành sở đoàn thể cấp tỉnh huyện xã thành phố thị trấn phường quận thôn bản ấp tổ dân khu vực cơ quan đơn vị chức địa phương có liên quan trên bàn trong ngoài của thuộc trực trung ương chính trị hội y tế giáo dục báo chí đài trường học phổ thông cơ lãnh đạo thủ trưởng chủ tịch giám đốc trưởng phó phòng nhân ủy đồng mặt trận quốc công an biên quân sự chỉ huy cửa khẩu giới miền núi nông nghiệp nghề khoa viện doanh hợp tác và hoặc cùng nhà nước đảng bộ viên chi phụ nữ thanh niên thiếu nhi cựu chiến binh cao tuổi lao động thương tài nguyên môi văn hóa thao du lịch tin truyền tư pháp nội vụ ngoại kế hoạch đầu công giao vận tải khoa nghệ tộc tôn liên lượng vũ trang lực này toàn hệ thống quyền thường thành đồng mỗi một số chuyên môn chức kinh tập tổng văn bí thư người dưới thuộc khác hai ba bốn năm kể cả sau đây bệnh tạp hiệp kho bạc ngân hàng hải thuế điện lưới bưu du lịch đại học cao đẳng trung tâm trợ bảo vệ chăm sóc trẻ em thư viện bảo tàng nguồn đối tượng phối hợp sản xuất kinh lữ hành khách sạn nhập cảnh tỵ nạn xuất hình ma túy môi sinh y dược thú khuyến lâm thủy lợi đất đai đô đường sắt bộ hàng không cảng vụ đội nhóm hộ gia chợ bến xe tàu thuyền cầu lãnh sự sứ quán năng phong trào khối vùng tuyến trọng điểm đặc biệt riêng chung nêu được ủng hướng theo đóng ở tại từ đến trước gồm như lực mới cũ cấp dưới trên")

// objectWords open the object of a verb.
var objectWords = phrases("việc|công tác|các hoạt động|tình hình|hoạt động")

// listWords are the bare nouns that go on a list of bodies: "UBND các huyện; thị xã; thành phố".
var listWords = phrases("thị xã|thành phố|thị trấn|đoàn thể|ngành|ban|địa phương|đơn vị|tổ chức|hội|huyện|xã|phường|các")

func (p *page) listWord(j int) bool {
	e, _ := listWords.at(p.low, j)
	return e > 0
}

// nounContext tells whether the verb at k is a noun, judged by the word before it.
func (p *page) nounContext(k int) bool {
	if hasAt(p.low, k, "có nhiệm vụ") || hasAt(p.low, k, "có trách nhiệm") || hasAt(p.low, k, "chịu trách nhiệm") {
		return false
	}
	before := strings.TrimRight(p.low[max(0, k-24):k], " ")
	ends := func(w string) bool {
		return strings.HasSuffix(before, w) && !letterBefore(before, len(before)-len(w))
	}
	for _, w := range notNoun {
		if ends(w) {
			return false
		}
	}
	for _, w := range determiners {
		if ends(w) {
			return true
		}
	}
	if ends("đồng chí") { // "các đồng chí lãnh đạo", but "các đồng chí quan tâm"
		return hasWord(p.low, k, "lãnh đạo") || hasWord(p.low, k, "chỉ huy") || hasWord(p.low, k, "phụ trách") || hasWord(p.low, k, "chủ trì") || hasWord(p.low, k, "tham gia")
	}
	if e, _ := functionWords.at(p.low, k); e == 0 {
		return ends("thường") && hasAt(p.low, k, "trực")
	}
	for _, w := range unitWords {
		if ends(w) {
			return true
		}
	}
	return false
}

// appositions open the words behind a dash that explain the body before it.
var appositions = phrases("cơ quan|đơn vị|thành viên|phó trưởng ban|phó chủ tịch|trưởng ban|ủy viên|thường trực")

// roleWords open an apposition behind a comma: "Công an tỉnh, cơ quan thường trực Ban Chỉ đạo, theo dõi …".
var roleWords = phrases("cơ quan thường trực|đơn vị thường trực|cơ quan chủ trì|đơn vị đầu mối|cơ quan đầu mối|cơ quan tham mưu|với vai trò|với tư cách|là cơ quan")

// afterApposition finds the verb behind "Sở Y tế - Cơ quan thường trực … được giao".
func (p *page) afterApposition(b body, dash, from, limit int) (body, bool) {
	b.end = dash
	for b.end > b.start && p.text[b.end-1] == ' ' {
		b.end--
	}
	b.verb = dash
	for m := from; m < limit; {
		if c := p.low[m]; c == '.' || c == ';' || c == ':' {
			break
		}
		if ok, w := letterAt(p.low, m); !ok {
			m += max(w, 1)
			continue
		}
		if e, _ := nounPhrases.at(p.low, m); e > 0 {
			m = e
			continue
		}
		if e, tag := bodyVerbs.at(p.low, m); e > 0 && lowerAt(p.text, m) && !p.nounContext(m) {
			b.verb, b.tag = m, tag
			break
		}
		m = wordEnd(p.low, m)
	}
	return b, true
}
