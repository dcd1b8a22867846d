-- Rows of the map's source led out of the province into which the old one went; two gave provinces a wrong successor (Vĩnh Phúc went to Phú
-- Thọ, Tuyên Quang goes on). The file is mended; this mends installations that loaded it before.
DELETE FROM orgunit_area_link WHERE from_area = '0tvs88f0qjvy3asmzfavyhycad' AND to_area = '01axcj89jk0aamhr6jf47gdf4f'; -- commune:2021:00559 commune:2025:24682
DELETE FROM orgunit_area_link WHERE from_area = '0k17hxk02krzzyja9xavs5gmdc' AND to_area = '01axcj89jk0aamhr6jf47gdf4f'; -- commune:2021:00562 commune:2025:24682
DELETE FROM orgunit_area_link WHERE from_area = '0yz408az9hhw99ykn7yc20a0a3' AND to_area = '0pejr321arneyxzhpw3zpgkbxf'; -- commune:2021:02593 commune:2025:10465
DELETE FROM orgunit_area_link WHERE from_area = '0mezgq4z0bv357d9qzhfdyzzkf' AND to_area = '0pejr321arneyxzhpw3zpgkbxf'; -- commune:2021:02608 commune:2025:10465
DELETE FROM orgunit_area_link WHERE from_area = '0rzvfp98fpkvc5qkg6ejb6yym0' AND to_area = '0nzxrdxvps5rhk8m6nfsqtfaey'; -- commune:2021:09118 commune:2025:31459
DELETE FROM orgunit_area_link WHERE from_area = '08v58zdewqa6dwwntz6gbxt2pt' AND to_area = '0nzxrdxvps5rhk8m6nfsqtfaey'; -- commune:2021:09139 commune:2025:31459
DELETE FROM orgunit_area_link WHERE from_area = '0zy3depy40byyt62gme4ncx1jj' AND to_area = '0dr5akbaq3xfx3763k4fq3gxhr'; -- commune:2021:10798 commune:2025:17521
DELETE FROM orgunit_area_link WHERE from_area = '06ywww8jway6tpa70m821t3s6k' AND to_area = '0dr5akbaq3xfx3763k4fq3gxhr'; -- commune:2021:10807 commune:2025:17521
DELETE FROM orgunit_area_link WHERE from_area = '07m49g5m2dhxap1wvamvvd07e3' AND to_area = '0vzd000chyvmw52ey21g4tefes'; -- commune:2021:12175 commune:2025:10231
DELETE FROM orgunit_area_link WHERE from_area = '05e8w8mxhdxv6qt18n5y59et75' AND to_area = '0a0yetqnag8pj3nbwbzb1nn7q1'; -- commune:2021:12379 commune:2025:18997
DELETE FROM orgunit_area_link WHERE from_area = '05bnx73pmp74q0jdg9zfhce17g' AND to_area = '0az3xjjdh20vmacnjx87695hz6'; -- commune:2021:12424 commune:2025:10837
DELETE FROM orgunit_area_link WHERE from_area = '0h5rmpyrt0pftfwajtsjhb35dv' AND to_area = '0tsz6b0wr6yjzmke7hmrx8v8np'; -- commune:2021:17185 commune:2025:14452
DELETE FROM orgunit_area_link WHERE from_area = '0d37ywb7mg3bbws9tz00zm54z3' AND to_area = '0tsz6b0wr6yjzmke7hmrx8v8np'; -- commune:2021:17194 commune:2025:14452
DELETE FROM orgunit_area_link WHERE from_area = '0dgmphtfjn2nndz1xemk189xhj' AND to_area = '0tsz6b0wr6yjzmke7hmrx8v8np'; -- commune:2021:17200 commune:2025:14452
DELETE FROM orgunit_area_link WHERE from_area = '0j5sgbacjw9gc1gh906kzt8fth' AND to_area = '0r0m22176a2rc3cv3fa5dvz733'; -- commune:2021:17422 commune:2025:11980
DELETE FROM orgunit_area_link WHERE from_area = '0vh8bksd9gm913yaq84pqkp4pj' AND to_area = '0r0m22176a2rc3cv3fa5dvz733'; -- commune:2021:17437 commune:2025:11980
DELETE FROM orgunit_area_link WHERE from_area = '064p7pzh5p3fkrp6pezd89ah7j' AND to_area = '0ht4s744v5021jaw5s0v70hx2m'; -- commune:2021:18781 commune:2025:16576
DELETE FROM orgunit_area_link WHERE from_area = '0hb5dhhem0t72fphd5ervtqd9b' AND to_area = '08a24prwt0cjyz69t74qed8r4f'; -- commune:2021:20758 commune:2025:28501
DELETE FROM orgunit_area_link WHERE from_area = '06aq592366hyrj1mzy1cdjs53k' AND to_area = '08a24prwt0cjyz69t74qed8r4f'; -- commune:2021:20761 commune:2025:28501
DELETE FROM orgunit_area_link WHERE from_area = '0193brc340z8a29f2qv6axescr' AND to_area = '0v362m675sx9ekf0qvy72303tt'; -- commune:2021:21403 commune:2025:28201
DELETE FROM orgunit_area_link WHERE from_area = '0whkh9ves20xyd2tksqzdanv9x' AND to_area = '0v362m675sx9ekf0qvy72303tt'; -- commune:2021:21406 commune:2025:28201
DELETE FROM orgunit_area_link WHERE from_area = '0qt3rbc9shph1zzayy241wjt6t' AND to_area = '0e4htye749fd1b5wvwnckvsxq0'; -- commune:2021:26929 commune:2025:31473
DELETE FROM orgunit_area_link WHERE from_area = '0vm5c0c9zzmcjbcppsfx1yhhh2' AND to_area = '08e4gfyner562v6r3vbm7yck9z'; -- province:tuyen_quang province:ha_noi
DELETE FROM orgunit_area_link WHERE from_area = '0n19sh7xc23jfh0mzm40k8ke2p' AND to_area = '07k9v00n2ygzp0y5m52rzn96zx'; -- province:vinh_phuc province:can_tho
INSERT INTO orgunit_area_link (from_area, to_area, on_day, extent, source) SELECT '0n19sh7xc23jfh0mzm40k8ke2p', id, '2025-07-01', 'whole', 'Nghị quyết 202/2025/QH15' FROM orgunit_area WHERE id = '0gbtq9mmzkn13d0693qzv881re' AND EXISTS (SELECT 1 FROM orgunit_area WHERE id = '0n19sh7xc23jfh0mzm40k8ke2p'); -- province:vinh_phuc province:phu_tho
UPDATE orgunit_area_link SET extent = 'main' WHERE from_area = '0k17hxk02krzzyja9xavs5gmdc' AND to_area = '0km5b9g1pnr7f4xaetx70dnn69'; -- commune:2021:00562 commune:2025:00562
UPDATE orgunit_area_link SET extent = 'main' WHERE from_area = '0mezgq4z0bv357d9qzhfdyzzkf' AND to_area = '05k64gvbwqnhjm72jdbr5aw3an'; -- commune:2021:02608 commune:2025:02608
UPDATE orgunit_area_link SET extent = 'main' WHERE from_area = '0rzvfp98fpkvc5qkg6ejb6yym0' AND to_area = '0x5eyv3w127t6txsntrzkt6ahh'; -- commune:2021:09118 commune:2025:09076
UPDATE orgunit_area_link SET extent = 'main' WHERE from_area = '0zy3depy40byyt62gme4ncx1jj' AND to_area = '08116af2kwxyyk4kzdj0ekxs33'; -- commune:2021:10798 commune:2025:10804
UPDATE orgunit_area_link SET extent = 'main' WHERE from_area = '07m49g5m2dhxap1wvamvvd07e3' AND to_area = '0hemh9pj894gv1rhyvypefrxaa'; -- commune:2021:12175 commune:2025:12184
UPDATE orgunit_area_link SET extent = 'main' WHERE from_area = '05bnx73pmp74q0jdg9zfhce17g' AND to_area = '0vrz7sradwyh5bgrmj0v23za93'; -- commune:2021:12424 commune:2025:12424
UPDATE orgunit_area_link SET extent = 'main' WHERE from_area = '0h5rmpyrt0pftfwajtsjhb35dv' AND to_area = '0j28bb0eedjg956aw8vdh0jzs0'; -- commune:2021:17185 commune:2025:17179
UPDATE orgunit_area_link SET extent = 'main' WHERE from_area = '0vh8bksd9gm913yaq84pqkp4pj' AND to_area = '0se16hhdam72bwra7ygqqn3dkp'; -- commune:2021:17437 commune:2025:17443
UPDATE orgunit_area_link SET extent = 'main' WHERE from_area = '064p7pzh5p3fkrp6pezd89ah7j' AND to_area = '0zxwznbjstfbtqafkfgp9bsj17'; -- commune:2021:18781 commune:2025:18781
UPDATE orgunit_area_link SET extent = 'main' WHERE from_area = '0hb5dhhem0t72fphd5ervtqd9b' AND to_area = '01rz116647swtnadr6r73z2phh'; -- commune:2021:20758 commune:2025:20779
UPDATE orgunit_area_link SET extent = 'main' WHERE from_area = '0whkh9ves20xyd2tksqzdanv9x' AND to_area = '04c2wtch130qh7mh6phvegve2w'; -- commune:2021:21406 commune:2025:21409
UPDATE orgunit_area_link SET extent = 'main' WHERE from_area = '0qt3rbc9shph1zzayy241wjt6t' AND to_area = '0byndje4qfreq3an9hgp41h0q1'; -- commune:2021:26929 commune:2025:26929
